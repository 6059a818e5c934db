package io.tidegate.migration.sql;

import io.tidegate.migration.MigrationSettings;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import java.io.Reader;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import liquibase.database.AbstractJdbcDatabase;

/**
 * What one SQL engine does in its own way when a changelog is applied, found by the engine's id. Its
 * class is light, so that no driver is loaded until {@link #open}.
 */
public interface SqlDialect {

  /** The id of the engine, as in its {@link io.tidegate.target.EngineTraits}. */
  String engine();

  /**
   * Opens the one connection that a migration, a plan or a status uses.
   *
   * @throws LoginFailure if no connection is to be had
   * @throws SQLException as the driver gives it
   * @throws io.tidegate.problem.ProblemException if a session lock cannot hold there, with the fix
   */
  SqlSession open(Target target, MigrationSettings settings, Access access) throws SQLException;

  /** Liquibase's idea of such a database, of whichever version: a new object, not connected. */
  AbstractJdbcDatabase database();

  /**
   * Takes a plain SQL file apart as a server with its default settings would, before any is connected
   * to. See {@link SqlSession#script}.
   */
  StatementSplitter script(Reader text);

  /** Computes for nobody what a login computes. See {@link io.tidegate.migration.Migrator#warmUp}. */
  default void warmUpLogin() throws GeneralSecurityException {}

  /**
   * What a driver's exception means that an open session threw. One that was thrown while a connection
   * was opened is a {@link LoginFailure}.
   */
  Fault faultOf(SQLException e);

  /** Whether the statement was refused since it stands in a transaction, and cannot. */
  default boolean isRefusedInTransaction(SQLException e) {
    return false;
  }

  /** What a session is opened for. */
  enum Access {
    /** To migrate. */
    WRITE,
    /** To look only: the session refuses to write, as far as the database can be told so. */
    READ;

    /** Longer than any look at a history takes, beyond its waiting for a table. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(20);

    /**
     * Limits how long an answer to a statement of ours is waited for, once a session is set up: it ends
     * where the server falls silent, as a pooler does whose database is gone.
     */
    public static void limit(Connection connection, MigrationSettings settings)
        throws SQLException {
      Duration silence = settings.tableLockTimeout().plus(LONGEST_SILENCE);
      limit(connection, Math.clamp(silence.toMillis(), 0, Integer.MAX_VALUE));
    }

    /** A statement of a changeset may take as long as it takes. See {@link LiquibaseThread}. */
    public static void unlimit(Connection connection) throws SQLException {
      limit(connection, 0);
    }

    private static void limit(Connection connection, int millis) throws SQLException {
      try {
        connection.setNetworkTimeout(Runnable::run, millis);
      } catch (SQLException e) {
        // Not every driver says by its SQLSTATE that the connection was lost before.
        throw connection.isClosed()
            ? new SQLNonTransientConnectionException("it is closed", "08003", e)
            : e;
      }
    }
  }

  /** What an exception of an open session means for a migration. */
  enum Fault {
    /** A statement was refused: running it again gives the same. */
    STATEMENT,
    /**
     * Another session was in the way: it held a table for longer than the lock timeout, say. To be tried
     * again.
     */
    BLOCKED,
    /** The connection was lost, or the server ended it. */
    LOST
  }

  /**
   * A connection that was not to be had. What that means is what it means to a probe: a wrong password
   * is one, whoever meets it.
   */
  public static final class LoginFailure extends SQLException {
    private final transient ProbeResult meaning;

    /**
     * Takes the driver's exception and what the engine's probe makes of it.
     *
     * @param meaning never ready
     */
    public LoginFailure(SQLException cause, ProbeResult meaning) {
      super(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), cause);
      this.meaning = meaning;
    }

    /** What it means to a probe: never ready. */
    ProbeResult meaning() {
      return meaning;
    }

    /** The problem to end with. */
    ProblemException problem(String where) {
      return switch (meaning) {
        case Wrong(Reason reason, String sentence) ->
            new ProblemException(reason.exit(), sentence, where, reason.remedy(), this);
        case NotYet(Reason reason, String sentence) ->
            new ProblemException(ExitCode.NOT_READY, sentence, where, reason.remedy(), this);
        case Ready ready -> throw new IllegalArgumentException("a failure is not " + ready);
      };
    }
  }
}
