package io.tidegate.migration.risk;

/**
 * What one statement would do to one table, by its text alone.
 *
 * @param action what it does
 * @param table to which table
 * @param column to which column; empty: none
 * @param detail the new name (of a table with its schema, if that is named), the new type, or the updated columns, separated by commas; empty: none
 */
public record Effect(Action action, TableName table, String column, String detail) {

  /** What statements do, as far as it matters here. */
  public enum Action {
    ADD_COLUMN,
    /** A column that takes no NULL and has no default. */
    ADD_REQUIRED_COLUMN,
    DROP_TABLE,
    DROP_COLUMN,
    DROP_SCHEMA,
    DROP_DATABASE,
    /** Drops all that a role owns; the role stands in place of the table. */
    DROP_OWNED,
    /** Removes all rows, or those of a partition. */
    TRUNCATE,
    DELETE_ALL,
    UPDATE_ALL,
    CHANGE_TYPE,
    RENAME_TABLE,
    RENAME_COLUMN,
    /** An index that is built while the table takes no writes. */
    CREATE_INDEX,
    /** A foreign key or check whose existing rows are checked. */
    ADD_CONSTRAINT,
    SET_NOT_NULL
  }

  /** One that is about the table as a whole. */
  public static Effect of(Action action, TableName table) {
    return new Effect(action, table, "", "");
  }

  /** One that is about a column. */
  public static Effect of(Action action, TableName table, String column) {
    return new Effect(action, table, TableName.plain(column), "");
  }
}
