package io.tidegate.settings;

import io.tidegate.engine.Engine;
import io.tidegate.engine.EngineCatalog;
import io.tidegate.engine.EngineTraits;
import io.tidegate.engine.EngineTraits.ChangelogKind;
import io.tidegate.engine.Facts;
import io.tidegate.engine.Probe;
import io.tidegate.engine.ProbeMode;
import io.tidegate.engine.Target;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A stand-in for an engine that has traits and nothing else: reading settings needs no more. */
record StandInEngine(EngineTraits traits) implements Engine {

  static final EngineCatalog CATALOG =
      new EngineCatalog(
          List.of(
              of("postgresql", "PostgreSQL", 5432, ChangelogKind.SQL, "postgresql", "postgres"),
              of("mysql", "MySQL", 3306, ChangelogKind.SQL, "mysql", "mariadb"),
              of(
                  "redis",
                  "Redis",
                  6379,
                  ChangelogKind.NONE,
                  "redis",
                  "rediss",
                  "redis-sentinel",
                  "redis-cluster",
                  "valkey"),
              of("mongodb", "MongoDB", 27017, ChangelogKind.COMMANDS, "mongodb", "mongodb+srv"),
              of("sqlite", "SQLite", 0, ChangelogKind.SQL, "sqlite", "file")));

  private static Engine of(
      String id, String name, int port, ChangelogKind changelogs, String... schemes) {
    return new StandInEngine(
        new EngineTraits(id, name, Set.of(schemes), port, changelogs, port != 0));
  }

  @Override
  public Probe open(Target target, ProbeMode mode) {
    throw new UnsupportedOperationException("settings probe nothing");
  }

  @Override
  public Facts facts(Target target, Duration timeout) {
    throw new UnsupportedOperationException("settings probe nothing");
  }
}
