package io.tidegate.engine.sqlite;

import io.tidegate.engine.EngineTraits;
import java.util.Set;

/** Waits for a SQLite file. */
final class SqliteEngine {
  private SqliteEngine() {}

  static final EngineTraits TRAITS =
      new EngineTraits(
          "sqlite",
          "SQLite",
          Set.of("sqlite", "sqlite3", "file"),
          0,
          EngineTraits.ChangelogKind.SQL,
          false);
}
