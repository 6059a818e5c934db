package io.tidegate.migration;

import io.tidegate.target.EngineCatalog;
import io.tidegate.target.Target;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** All migrators, found by the engine of a target. Two migrators of one engine stop the start. */
public final class MigratorCatalog {
  private final EngineCatalog engines;
  private final Map<String, Migrator> byEngine = new HashMap<>();

  /** Takes every migrator there is. */
  public MigratorCatalog(EngineCatalog engines, Collection<Migrator> migrators) {
    this.engines = engines;
    for (Migrator migrator : migrators) {
      if (byEngine.putIfAbsent(migrator.engine(), migrator) != null) {
        throw new IllegalStateException("two migrators of one engine: " + migrator.engine());
      }
    }
  }

  /** The migrator of a target that has a changelog. Settings have made sure that there is one. */
  public Migrator of(Target target) {
    Migrator migrator = byEngine.get(engines.of(target).traits().id());
    if (migrator == null) {
      throw new IllegalStateException("no migrator for " + target.url().scheme());
    }
    return migrator;
  }
}
