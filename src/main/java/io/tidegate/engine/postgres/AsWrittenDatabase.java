package io.tidegate.engine.postgres;

import java.util.Locale;
import liquibase.database.core.PostgresDatabase;
import liquibase.structure.DatabaseObject;
import liquibase.structure.core.Schema;

/** PostgreSQL as Liquibase has it, but for schemas all in capitals: it would leave their quotes out. */
final class AsWrittenDatabase extends PostgresDatabase {
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
