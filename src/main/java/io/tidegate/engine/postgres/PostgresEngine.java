package io.tidegate.engine.postgres;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.engine.jdbc.JdbcFacts;
import io.tidegate.engine.jdbc.JdbcProbe;
import io.tidegate.engine.jdbc.JdbcSessions;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.replicas.ReplicaSource;
import io.tidegate.replicas.SessionNames;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineTraits;
import io.tidegate.target.Facts;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.List;
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
  private final SessionNames names;

  /** Its watching sessions have no names of their own. */
  public PostgresEngine(ConnectionHandoff handoff) {
    this(handoff, new SessionNames());
  }

  /**
   * Makes it; nothing is opened.
   *
   * @param handoff where its connections lie between two uses
   * @param names of its watching sessions, as soon as there are any
   */
  public PostgresEngine(ConnectionHandoff handoff, SessionNames names) {
    this.handoff = handoff;
    this.names = names;
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
    String name = names.of(target).orElse(JdbcProbe.NAME);
    return new JdbcProbe(target, mode, new PostgresService(), false, handoff, name);
  }

  /** Those that count replicas by the sessions on a target's server, one for each. */
  public List<ReplicaSource> sessions(List<Target> targets) {
    return JdbcSessions.replicaSources(
        TRAITS,
        targets,
        names,
        "pg_stat_activity",
        PostgresService::new,
        PostgresActivity::sessionNames,
        handoff);
  }

  @Override
  public Facts facts(Target target, Duration timeout) throws InterruptedException {
    return JdbcFacts.ask(
        target,
        timeout,
        new PostgresService(),
        PostgresFacts.INQUIRIES,
        false,
        handoff,
        names.of(target).isPresent());
  }
}
