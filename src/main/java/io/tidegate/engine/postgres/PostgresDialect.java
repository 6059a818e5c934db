package io.tidegate.engine.postgres;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.ClientName;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlDialect.LoginFailure;
import io.tidegate.migration.sql.SqlSession;
import io.tidegate.migration.sql.StatementSplitter;
import io.tidegate.target.Target;
import java.io.Reader;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import liquibase.database.AbstractJdbcDatabase;

/** Migrations on PostgreSQL: a session advisory lock, and DDL inside transactions. */
final class PostgresDialect implements SqlDialect {
  /** {@code active_sql_transaction} and {@code unsafe_new_enum_value_usage}. */
  private static final Set<String> ALONE = Set.of("25001", "55P04");

  /** {@code invalid_transaction_termination}, also where a block of code may not commit anywhere. */
  private static final String ENDS_TRANSACTION = "2D000";

  /** {@code object_in_use}: by another session, or by triggers that are yet to run. */
  private static final String IN_USE = "55006";

  private final ConnectionHandoff handoff;

  PostgresDialect(ConnectionHandoff handoff) {
    this.handoff = handoff;
  }

  @Override
  public String engine() {
    return "postgresql";
  }

  @Override
  public AbstractJdbcDatabase database() {
    return new LiquibasePostgresDatabase();
  }

  @Override
  public StatementSplitter script(Reader text) {
    return new PostgresStatementSplitter(text, true);
  }

  /** With as many rounds as the server takes by default: most of the time that a first login takes. */
  @Override
  public void warmUpLogin() throws GeneralSecurityException {
    PBEKeySpec nobody = new PBEKeySpec("nobody".toCharArray(), new byte[16], 4096, 256);
    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(nobody);
  }

  @Override
  public SqlSession open(Target target, MigrationSettings settings, Access access)
      throws SQLException {
    PostgresParameters.check(target);
    // Those before have only read, and the session sets all that it needs, whichever it is given.
    Connection connection =
        access == Access.WRITE
            ? handoff.connection(target, ClientName.LIMITS.readMillis(), () -> connect(target))
            : connect(target);
    try {
      PostgresSession session =
          new PostgresSession(connection, () -> connect(target), settings, access, target);
      Access.limit(connection, settings);
      return session;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Such as VACUUM, the use of a value that was added to a type in the same transaction, a procedure or
   * block that commits, and the change of a table whose deferred constraints are checked by the COMMIT
   * that is left out.
   */
  @Override
  public boolean isRefusedInTransaction(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return ALONE.contains(state)
        || (state.equals(ENDS_TRANSACTION)
            && String.valueOf(e.getMessage()).contains("invalid transaction termination"))
        || (state.equals(IN_USE) && String.valueOf(e.getMessage()).contains("pending trigger"));
  }

  private static Connection connect(Target target) throws SQLException {
    try {
      return PostgresConnector.open(target, ClientName.LIMITS);
    } catch (SQLException e) {
      throw new LoginFailure(e, PostgresFaults.explain(e, target));
    }
  }

  @Override
  public Fault faultOf(SQLException e) {
    return PostgresFaults.ofSession(e);
  }
}
