package io.tidegate.target;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The names under which Liquibase keeps its history and its lock in a database: those of its own
 * runner, so that either goes on where the other stopped.
 *
 * @param history its {@code databaseChangeLogTableName}: letters, digits and underscores
 * @param lock its {@code databaseChangeLogLockTableName}
 * @param schema its {@code liquibaseSchemaName}; null: not declared
 */
public record LiquibaseTables(String history, String lock, @Nullable String schema) {
  /** The names that Liquibase takes by itself. */
  public static final LiquibaseTables DEFAULT =
      new LiquibaseTables("DATABASECHANGELOG", "DATABASECHANGELOGLOCK", null);

  /** The most characters of a name, so that our own tables can be named after it. */
  public static final int LONGEST_NAME = 40;

  /** Those of a target. */
  public static LiquibaseTables of(Target target) {
    return target.changelog() == null ? DEFAULT : target.changelog().liquibase();
  }

  /**
   * One of our own tables beside the history. Two apps that keep histories in one schema share none.
   *
   * @param name its name beside a history of the usual name
   */
  public String ownTable(String name) {
    return history.equalsIgnoreCase(DEFAULT.history)
        ? name
        : name + "_" + history.toLowerCase(Locale.ROOT);
  }
}
