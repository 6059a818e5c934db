package io.tidegate.engine.sqlite;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.engine.jdbc.JdbcFacts;
import io.tidegate.engine.jdbc.JdbcProbe;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineTraits;
import io.tidegate.target.Facts;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Waits for a SQLite file. */
public final class SqliteEngine implements Engine {
  static final EngineTraits TRAITS =
      new EngineTraits(
          "sqlite",
          "SQLite",
          Set.of("sqlite", "sqlite3", "file"),
          0,
          EngineTraits.ChangelogKind.SQL,
          false);

  private final ConnectionHandoff handoff;

  /**
   * Makes it; nothing is opened.
   *
   * @param handoff where its connections lie between two uses
   */
  public SqliteEngine(ConnectionHandoff handoff) {
    this.handoff = handoff;
  }

  /** How changelogs are applied there. */
  public SqlDialect dialect() {
    return new SqliteDialect();
  }

  @Override
  public EngineTraits traits() {
    return TRAITS;
  }

  @Override
  public Probe open(Target target, ProbeMode mode) {
    return new SqliteProbe(
        target, new JdbcProbe(target, mode, new SqliteService(), true, handoff, JdbcProbe.NAME));
  }

  @Override
  public Facts facts(Target target, Duration timeout) throws InterruptedException {
    return JdbcFacts.ask(
        target,
        timeout,
        new SqliteService(),
        List.of(new JdbcFacts.Inquiry(SqliteService.FACTS, SqliteService::facts)),
        true,
        handoff,
        false);
  }
}
