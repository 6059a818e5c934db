package io.tidegate.migration.risk;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a pending statement would cost on the database as it is now.
 *
 * @param kind what it is
 * @param table the table, or the schema or database, as the statement names it
 * @param column the column; empty: none
 * @param rows how many rows the table has, as the server estimates it; null: not known
 * @param statement the statement on one line, its texts masked
 */
public record Risk(Kind kind, String table, String column, @Nullable Long rows, String statement) {

  /** What a statement can cost. */
  public enum Kind {
    DROP_TABLE(true, "drops the table"),
    DROP_COLUMN(true, "drops the column"),
    DROP_SCHEMA(true, "drops the schema"),
    DROP_DATABASE(true, "drops the database"),
    DROP_OWNED(true, "drops all that is owned by"),
    TRUNCATE(true, "empties the table"),
    DELETE_ALL(true, "deletes all rows of the table"),
    UPDATE_ALL(true, "overwrites a column in all rows of the table"),
    NARROW_TYPE(true, "may narrow the type of the column"),
    RENAME_TABLE(true, "renames the table"),
    RENAME_COLUMN(true, "renames the column"),
    ADD_NOT_NULL(true, "adds a column that takes no NULL and has no default, the column"),
    CREATE_INDEX(false, "blocks writes while it builds an index on the table"),
    REWRITE_TABLE(false, "rewrites the table while nobody can use it, for the column"),
    VALIDATE_CONSTRAINT(false, "blocks writes while it checks all rows of the table");

    private final boolean destructive;
    private final String predicate;

    Kind(boolean destructive, String predicate) {
      this.destructive = destructive;
      this.predicate = predicate;
    }

    /** Whether data or what the running app relies on is lost; else it only blocks others meanwhile. */
    public boolean isDestructive() {
      return destructive;
    }

    /** As documents name it: {@code drop-table}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The risk in a few words: {@code drops the table users (about 1200 rows)}. */
  public String describe() {
    String what = column.isEmpty() ? table : table + "." + column;
    return kind.predicate + " " + what + (rows == null ? "" : " (about %d rows)".formatted(rows));
  }
}
