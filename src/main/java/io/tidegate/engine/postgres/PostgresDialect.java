package io.tidegate.engine.postgres;

import io.tidegate.engine.Target;
import io.tidegate.engine.jdbc.Handover;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.ClientName;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlSession;
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

  private final Handover handover;

  PostgresDialect(Handover handover) {
    this.handover = handover;
  }

  @Override
  public String engine() {
    return "postgresql";
  }

  @Override
  public AbstractJdbcDatabase database() {
    return new OwnSearchPath();
  }

  /** With as many rounds as the server takes by default: most of the time that a first login takes. */
  @Override
  public void rehearseLogin() throws GeneralSecurityException {
    PBEKeySpec nobody = new PBEKeySpec("nobody".toCharArray(), new byte[16], 4096, 256);
    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(nobody);
  }

  @Override
  public SqlSession open(Target target, MigrationSettings settings, Access access)
      throws SQLException {
    // Those before have only read, and the session sets all that it needs, whichever it is given.
    Connection connection =
        access == Access.WRITE
            ? handover.connection(target, ClientName.LIMITS.readMillis(), () -> connect(target))
            : connect(target);
    try {
      PostgresSession session =
          new PostgresSession(connection, () -> connect(target), settings, access, target);
      access.limit(connection, settings);
      return session;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Such as VACUUM, and the use of a value that was added to a type in the same transaction. */
  @Override
  public boolean isRefusedInTransaction(SQLException e) {
    return ALONE.contains(String.valueOf(e.getSQLState()));
  }

  private Connection connect(Target target) throws SQLException {
    return PostgresConnector.open(target, ClientName.LIMITS);
  }

  /** By <a href="https://www.postgresql.org/docs/18/errcodes-appendix.html">SQLSTATE</a>. */
  @Override
  public Fault faultOf(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (state.equals("55P03")) {
      return Fault.TABLE_LOCKED;
    }
    if (state.startsWith("28")) {
      return Fault.CREDENTIALS;
    }
    boolean lost =
        state.startsWith("08")
            || state.startsWith("57P")
            || state.equals("25P03")
            || state.equals("53300")
            || state.equals("3D000");
    return lost ? Fault.LOST : Fault.STATEMENT;
  }
}
