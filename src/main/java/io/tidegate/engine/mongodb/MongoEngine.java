package io.tidegate.engine.mongodb;

import io.tidegate.migration.Migrator;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineTraits;
import io.tidegate.target.EngineTraits.ChangelogKind;
import io.tidegate.target.Facts;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.Target;
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
