package io.tidegate.migration.sql;

import java.sql.Connection;
import java.sql.SQLException;
import liquibase.database.AbstractJdbcDatabase;

/** The one connection of a migration, a plan or a status. Used by one thread at a time. */
public interface SqlSession extends AutoCloseable {

  /** The connection. In autocommit when the session is opened. */
  Connection connection();

  /** Liquibase's idea of this database: a new object, not connected yet. */
  AbstractJdbcDatabase database();

  /** The migration lock of this database and schema, taken by this very connection. */
  MigrationLock lock();

  /**
   * Whether statements give up on a table that another session has locked for long. Off for what
   * must wait by its nature, such as {@code CREATE INDEX CONCURRENTLY}. Called in autocommit.
   */
  void limitTableLocks(boolean limited) throws SQLException;

  /** Asks the server to give up the statement that runs, if one does. May come from any thread. */
  void cancel() throws SQLException;

  /** Closes the connection, which frees the lock. Does not throw. */
  @Override
  void close();
}
