package io.tidegate.engine.postgres;

import io.tidegate.engine.EngineTraits;
import java.util.Set;

/** Waits for PostgreSQL, and for what speaks its protocol. */
final class PostgresEngine {
  private PostgresEngine() {}

  static final EngineTraits TRAITS =
      new EngineTraits(
          "postgresql",
          "PostgreSQL",
          Set.of("postgresql", "postgres"),
          5432,
          EngineTraits.ChangelogKind.SQL,
          true);
}
