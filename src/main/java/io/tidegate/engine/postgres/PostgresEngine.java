package io.tidegate.engine.postgres;

import io.tidegate.engine.Engine;
import io.tidegate.engine.EngineTraits;
import io.tidegate.engine.Facts;
import io.tidegate.engine.Probe;
import io.tidegate.engine.ProbeMode;
import io.tidegate.engine.Target;
import io.tidegate.engine.jdbc.Handover;
import io.tidegate.engine.jdbc.JdbcFacts;
import io.tidegate.engine.jdbc.JdbcProbe;
import io.tidegate.migration.sql.SqlDialect;
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

  private final Handover handover;

  /**
   * Makes it; nothing is opened.
   *
   * @param handover where its connections lie between two uses
   */
  public PostgresEngine(Handover handover) {
    this.handover = handover;
  }

  /** How changelogs are applied there. */
  public SqlDialect dialect() {
    return new PostgresDialect(handover);
  }

  @Override
  public EngineTraits traits() {
    return TRAITS;
  }

  @Override
  public Probe open(Target target, ProbeMode mode) {
    PostgresParameters.check(target);
    return new JdbcProbe(target, mode, new PostgresService(), false, handover);
  }

  @Override
  public Facts facts(Target target, Duration timeout) throws InterruptedException {
    return JdbcFacts.ask(
        target, timeout, new PostgresService(), PostgresFacts.INQUIRIES, false, handover);
  }
}
