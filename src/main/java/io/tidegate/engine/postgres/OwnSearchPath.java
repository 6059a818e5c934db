package io.tidegate.engine.postgres;

import liquibase.database.core.PostgresDatabase;
import liquibase.exception.DatabaseException;

/**
 * PostgreSQL as Liquibase knows it, but with the search path that the session has: before each
 * changeset Liquibase would put the schema in front that was the current one when it began.
 */
final class OwnSearchPath extends PostgresDatabase {
  @Override
  public void rollback() throws DatabaseException {
    getConnection().rollback();
  }
}
