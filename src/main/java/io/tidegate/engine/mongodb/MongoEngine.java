package io.tidegate.engine.mongodb;

import io.tidegate.engine.Engine;
import io.tidegate.engine.EngineTraits;
import io.tidegate.engine.EngineTraits.ChangelogKind;
import io.tidegate.engine.Facts;
import io.tidegate.engine.Probe;
import io.tidegate.engine.ProbeMode;
import io.tidegate.engine.Target;
import io.tidegate.migration.Migrator;
import java.time.Duration;
import java.util.Set;

/** Waits for MongoDB. Names no class of the driver, so that none is loaded before its time. */
public final class MongoEngine implements Engine {
  private static final EngineTraits TRAITS =
      new EngineTraits(
          "mongodb",
          "MongoDB",
          Set.of("mongodb", "mongodb+srv"),
          27017,
          ChangelogKind.COMMANDS,
          true);

  /** How changelogs are applied there. */
  public Migrator migrator() {
    return new MongoMigrator();
  }

  @Override
  public EngineTraits traits() {
    return TRAITS;
  }

  @Override
  public Probe open(Target target, ProbeMode mode) {
    return MongoProbe.of(target, mode);
  }

  @Override
  public Facts facts(Target target, Duration timeout) throws InterruptedException {
    return MongoFacts.ask(target, timeout);
  }
}
