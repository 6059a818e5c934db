package io.tidegate.config;

import io.tidegate.target.Engine;
import io.tidegate.target.EngineCatalog;
import io.tidegate.target.EngineTraits;
import io.tidegate.target.EngineTraits.ChangelogKind;
import io.tidegate.target.Facts;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.Target;
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
