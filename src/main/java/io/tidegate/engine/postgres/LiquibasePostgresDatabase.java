package io.tidegate.engine.postgres;

import java.util.Locale;
import liquibase.database.core.PostgresDatabase;
import liquibase.exception.DatabaseException;
import liquibase.structure.DatabaseObject;
import liquibase.structure.core.Schema;

/**
 * PostgreSQL as Liquibase knows it, but for two things. The search path is the session's: before each
 * changeset Liquibase would put the schema in front that was the current one when it began. And the
 * name of a schema is quoted where it is all in capitals too.
 */
final class LiquibasePostgresDatabase extends PostgresDatabase {
  @Override
  public void rollback() throws DatabaseException {
    getConnection().rollback();
  }

  @Override
  public String escapeObjectName(String name, Class<? extends DatabaseObject> type) {
    return name != null
            && Schema.class.equals(type)
            && !name.startsWith("\"")
            && !name.equals(name.toLowerCase(Locale.ROOT))
        ? '"' + name + '"'
        : super.escapeObjectName(name, type);
  }
}
