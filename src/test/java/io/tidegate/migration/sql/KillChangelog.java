package io.tidegate.migration.sql;

import io.tidegate.target.Changelog.Format;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * 26 changesets of one statement each: tables, rows without a key (a second run would double them),
 * indexes, columns, and slow ones. Written so that PostgreSQL, MariaDB and SQLite all take them.
 */
final class KillChangelog {
  private static final String ROWS =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) ";

  private final List<String> names = new ArrayList<>();
  private final Path folder;
  private final Format format;

  /** Writes it as plain SQL; the slow statement puts a row into the table {@code slow}. */
  KillChangelog(Path folder, String slowStatement) {
    this(folder, slowStatement, Format.PLAIN);
  }

  /** Writes it in that format: plain SQL, or a tool's. */
  KillChangelog(Path folder, String slowStatement, Format format) {
    this.folder = folder;
    this.format = format;
    add("table-slow", "CREATE TABLE slow (work int)");
    for (int i = 1; i <= 5; i++) {
      String table = "t" + i;
      add("table-" + table, "CREATE TABLE " + table + " (id int, name varchar(40))");
      add("rows-" + table, "INSERT INTO " + table + " " + ROWS + "SELECT i, 'name' FROM n");
      add("index-" + table, "CREATE INDEX index_" + table + " ON " + table + " (id)");
      add("column-" + table, "ALTER TABLE " + table + " ADD COLUMN extra int");
      add("slow-" + table, slowStatement);
    }
  }

  private void add(String name, String sql) {
    int number = names.size() + 1;
    if (format.namesTool()) {
      names.add(ToolFiles.named(folder, format, number, name, sql + ";", "DROP TABLE slow;"));
      return;
    }
    String file = String.format(Locale.ROOT, "%02d-%s.sql", number, name);
    Changelogs.write(folder, file, sql + ";\n");
    names.add(file);
  }

  /** What a process that applies it is told. */
  Map<String, String> environment(String url) {
    Map<String, String> environment = new HashMap<>(Contender.environment(url, folder));
    environment.put("TIDEGATE_TARGETS_DB_FORMAT", format.name());
    return environment;
  }

  Format format() {
    return format;
  }

  Path folder() {
    return folder;
  }

  int size() {
    return names.size();
  }

  List<String> names() {
    return List.copyOf(names);
  }
}
