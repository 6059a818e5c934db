package io.tidegate.engine.sqlite;

import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.ClientName;
import io.tidegate.migration.sql.CrLfReader;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlSession;
import io.tidegate.migration.sql.StatementSplitter;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.Target;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.database.core.SQLiteDatabase;

/** Migrations on SQLite: a file lock beside the database, and DDL inside transactions. */
final class SqliteDialect implements SqlDialect {
  /** The primary result codes, see https://www.sqlite.org/rescode.html. */
  private static final int BUSY = 5;

  private static final int LOCKED = 6;
  private static final int IO_ERROR = 10;
  private static final int CANNOT_OPEN = 14;

  private static final List<String> IN_TRANSACTION =
      List.of("within a transaction", "within transaction", "inside a transaction");

  /** Of a database that the transaction has used. */
  private static final Pattern DETACH = Pattern.compile("\\(database (?!table )\\S+ is locked\\)");

  @Override
  public String engine() {
    return "sqlite";
  }

  @Override
  public AbstractJdbcDatabase database() {
    return new SQLiteDatabase();
  }

  @Override
  public StatementSplitter script(Reader text) {
    return new SqliteStatementSplitter(new CrLfReader(text));
  }

  /** Looking at a database that is not there must not make it: then an empty one is looked at. */
  @Override
  public SqlSession open(Target target, MigrationSettings settings, Access access)
      throws SQLException {
    Path file = Path.of(target.url().path()).toAbsolutePath();
    boolean absent = access == Access.READ && !Files.exists(file);
    Target named = at(target, absent ? ":memory:" : file.toString());
    return new SqliteSession(
        () -> SqliteConnector.open(named, ClientName.LIMITS, true), settings, access, file);
  }

  @Override
  public Fault faultOf(SQLException e) {
    String message = e.getMessage() == null ? "" : e.getMessage();
    return switch (e.getErrorCode() & 0xff) {
      case BUSY, LOCKED -> Fault.BLOCKED;
      case IO_ERROR -> Fault.LOST;
      // Of another file, named by ATTACH, it tells the path.
      case CANNOT_OPEN ->
          message.contains("unable to open database: ") ? Fault.STATEMENT : Fault.LOST;
      default -> Fault.STATEMENT;
    };
  }

  /** SQLite has no code for it: "cannot VACUUM from within a transaction", and the like. */
  @Override
  public boolean isRefusedInTransaction(SQLException e) {
    String said = String.valueOf(e.getMessage());
    return IN_TRANSACTION.stream().anyMatch(said::contains) || DETACH.matcher(said).find();
  }

  private static Target at(Target target, String file) {
    ServiceUrl url = target.url();
    return target.connectedBy(
        target.origin(),
        new ServiceUrl(url.scheme(), url.hosts(), file, url.parameters()),
        target.credentials(),
        target.inlinePassword());
  }
}
