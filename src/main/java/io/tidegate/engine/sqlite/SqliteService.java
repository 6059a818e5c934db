package io.tidegate.engine.sqlite;

import io.tidegate.engine.jdbc.JdbcService;
import io.tidegate.engine.jdbc.Limits;
import io.tidegate.engine.network.NetworkFaults;
import io.tidegate.secret.Redactor;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a SQLite file's schema, which is the least that proves it to be one. */
final class SqliteService implements JdbcService {
  static final List<String> FACTS = List.of("version", "journal_mode", "synchronous");

  /** Primary result codes, see https://www.sqlite.org/rescode.html. */
  private static final int BUSY = 5;

  private static final int LOCKED = 6;
  private static final int READ_ONLY = 8;
  private static final int CORRUPT = 11;
  private static final int CANNOT_OPEN = 14;
  private static final int NOT_A_DATABASE = 26;

  @Override
  public Connection open(Target target, Limits limits) throws SQLException {
    try {
      return SqliteConnector.open(target, limits, false);
    } catch (LinkageError e) {
      throw new SQLException("the native library cannot be loaded", "58000", e);
    }
  }

  @Override
  public ProbeResult ask(Connection connection, Target target) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT sqlite_version(), count(*) FROM sqlite_schema")) {
      row.next();
      return new ProbeResult.Ready("SQLite " + row.getString(1));
    }
  }

  @Override
  public ProbeResult explain(SQLException failure, Target target) {
    String path = target.url().path();
    if (failure.getCause() instanceof LinkageError
        || NetworkFaults.firstLine(failure).contains("native library")) {
      return new Wrong(
          Reason.UNSUITABLE,
          "SQLite's native library cannot be unpacked and run: mount a directory that is not noexec"
              + " and name it in -Dorg.sqlite.tmpdir");
    }
    return switch (failure.getErrorCode() & 0xff) {
      case BUSY, LOCKED ->
          new NotYet(Reason.NO_ANSWER, "%s is locked by another process".formatted(path));
      case READ_ONLY -> new Wrong(Reason.ROLE, "%s cannot be written to".formatted(path));
      case CORRUPT -> new Wrong(Reason.UNSUITABLE, "%s is damaged".formatted(path));
      case CANNOT_OPEN -> new NotYet(Reason.UNREACHABLE, "%s cannot be opened".formatted(path));
      case NOT_A_DATABASE ->
          new Wrong(Reason.UNSUITABLE, "%s is not a SQLite database".formatted(path));
      default ->
          new NotYet(
              Reason.OTHER, "SQLite fails: " + Redactor.redact(NetworkFaults.firstLine(failure)));
    };
  }

  static Map<String, String> facts(Connection connection) throws SQLException {
    Map<String, String> told = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT sqlite_version(), journal_mode, synchronous"
                    + " FROM pragma_journal_mode, pragma_synchronous")) {
      row.next();
      for (int i = 0; i < FACTS.size(); i++) {
        told.put(FACTS.get(i), row.getString(i + 1));
      }
    }
    return told;
  }
}
