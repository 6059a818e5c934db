package io.tidegate.engine.mysql;

import io.tidegate.engine.EngineTraits;
import java.util.Set;

/** Waits for MySQL and MariaDB. */
final class MySqlEngine {
  private MySqlEngine() {}

  static final EngineTraits TRAITS =
      new EngineTraits(
          "mysql", "MySQL", Set.of("mysql", "mariadb"), 3306, EngineTraits.ChangelogKind.SQL, true);
}
