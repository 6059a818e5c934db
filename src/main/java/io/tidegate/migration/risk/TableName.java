package io.tidegate.migration.risk;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A table as a statement names it, without quotes and in lower case: names that differ only in letter
 * case are taken for one, so that no table is missed.
 *
 * @param schema the schema, or on MySQL the database; null: the statement names none
 * @param name the table; empty where the statement is about a schema or a database
 */
public record TableName(@Nullable String schema, String name) {

  /** Takes the parts as they stand in the statement; null and blank parts are none. */
  public static TableName of(@Nullable String schema, @Nullable String name) {
    String plainSchema = plain(schema);
    return new TableName(plainSchema.isEmpty() ? null : plainSchema, plain(name));
  }

  /** Takes a name as it stands in a statement, with its schema before a dot if it has one. */
  public static TableName parse(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? of(null, name) : of(name.substring(0, dot), name.substring(dot + 1));
  }

  /** A name without its quotes and in lower case. */
  public static String plain(@Nullable String quoted) {
    String name = quoted == null ? "" : quoted.strip();
    boolean inQuotes =
        name.length() > 1
            && "\"\"``[]".contains("" + name.charAt(0) + name.charAt(name.length() - 1));
    if (inQuotes) {
      String close = name.substring(name.length() - 1); // Doubled, it is a character of the name.
      name = name.substring(1, name.length() - 1).replace(close + close, close);
    }
    return name.toLowerCase(Locale.ROOT);
  }

  /** The name for people. */
  @Override
  public String toString() {
    if (schema == null) {
      return name;
    }
    return name.isEmpty() ? schema : schema + "." + name;
  }
}
