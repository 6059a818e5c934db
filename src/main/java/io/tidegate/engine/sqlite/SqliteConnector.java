package io.tidegate.engine.sqlite;

import io.tidegate.engine.jdbc.Limits;
import io.tidegate.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;

/** Connections to SQLite by sqlite-jdbc, which brings SQLite itself as a native library. */
final class SqliteConnector {

  private SqliteConnector() {}

  /**
   * Opens the file.
   *
   * @param create whether a file that is not there is made
   */
  static Connection open(Target target, Limits limits, boolean create) throws SQLException {
    Properties properties = new Properties();
    int mode = readOnly(target) ? READ_ONLY : create ? READ_WRITE | CREATE : READ_WRITE;
    properties.setProperty("open_mode", Integer.toString(mode | FULL_MUTEX));
    properties.setProperty("busy_timeout", Integer.toString(limits.connectMillis()));
    properties.setProperty("enable_load_extension", "false");
    return Objects.requireNonNull(
        new org.sqlite.JDBC().connect("jdbc:sqlite:" + file(target), properties),
        "the driver takes its own URLs");
  }

  /** Flags of sqlite3_open_v2, see https://www.sqlite.org/c3ref/open.html. */
  private static final int READ_ONLY = 0x1;

  private static final int READ_WRITE = 0x2;
  private static final int CREATE = 0x4;
  private static final int FULL_MUTEX = 0x10000;

  static boolean readOnly(Target target) {
    return "ro".equals(target.url().parameters().getOrDefault("mode", "").toLowerCase(Locale.ROOT));
  }

  /** The driver reads what follows a question mark as parameters: such a file is named by it alone. */
  private static String file(Target target) throws SQLException {
    String path = target.url().path();
    if (path.indexOf('?') >= 0) {
      throw new SQLException("a file name with a question mark is not supported");
    }
    return path;
  }
}
