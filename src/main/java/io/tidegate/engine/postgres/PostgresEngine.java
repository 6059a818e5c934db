package io.tidegate.engine.postgres;

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
import java.util.Set;

/** Waits for PostgreSQL, and for what speaks its protocol. */
public final class PostgresEngine implements Engine {
  static final EngineTraits TRAITS =
      new EngineTraits(
          "postgresql",
          "PostgreSQL",
          Set.of("postgresql", "postgres"),
          5432,
          EngineTraits.ChangelogKind.SQL,
          true);

  private final ConnectionHandoff handoff;

  /**
   * Makes it; nothing is opened.
   *
   * @param handoff where its connections lie between two uses
   */
  public PostgresEngine(ConnectionHandoff handoff) {
    this.handoff = handoff;
  }

  /** How changelogs are applied there. */
  public SqlDialect dialect() {
    return new PostgresDialect(handoff);
  }

  @Override
  public EngineTraits traits() {
    return TRAITS;
  }

  @Override
  public Probe open(Target target, ProbeMode mode) {
    PostgresParameters.check(target);
    return new JdbcProbe(target, mode, new PostgresService(), false, handoff);
  }

  @Override
  public Facts facts(Target target, Duration timeout) throws InterruptedException {
    return JdbcFacts.ask(
        target, timeout, new PostgresService(), PostgresFacts.INQUIRIES, false, handoff);
  }
}
