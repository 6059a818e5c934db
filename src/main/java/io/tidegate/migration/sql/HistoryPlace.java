package io.tidegate.migration.sql;

import org.jspecify.annotations.Nullable;

/**
 * Where the history and our own tables are, fixed when a session is opened. Statements name them in
 * full, so that neither {@code USE} nor a search path leads them elsewhere.
 *
 * @param catalog the database, where it qualifies a table; null elsewhere
 * @param schema the schema, where there are any; null elsewhere
 * @param prefix what is written before the name of a table, quoted and with its dot
 * @param exists whether that schema exists; if not, the changelog has to create it
 */
public record HistoryPlace(
    @Nullable String catalog, @Nullable String schema, String prefix, boolean exists) {

  /** The table in full. */
  public String table(String name) {
    return prefix + name;
  }
}
