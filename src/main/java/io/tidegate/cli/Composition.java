package io.tidegate.cli;

import io.tidegate.agent.Agent;
import io.tidegate.agent.RecentBackups;
import io.tidegate.agent.RunTrace;
import io.tidegate.config.Settings;
import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.engine.memcached.MemcachedEngine;
import io.tidegate.engine.mongodb.MongoEngine;
import io.tidegate.engine.mysql.MySqlEngine;
import io.tidegate.engine.postgres.PostgresEngine;
import io.tidegate.engine.redis.RedisEngine;
import io.tidegate.engine.sqlite.SqliteEngine;
import io.tidegate.migration.BackupCheck;
import io.tidegate.migration.MigratorCatalog;
import io.tidegate.migration.sql.SqlMigrator;
import io.tidegate.policy.Guard;
import io.tidegate.policy.rules.RuleCatalog;
import io.tidegate.readiness.Ticker;
import io.tidegate.replicas.ReplicaCounter;
import io.tidegate.replicas.ReplicaSettings;
import io.tidegate.replicas.ReplicaSource;
import io.tidegate.replicas.ReplicaSources;
import io.tidegate.replicas.SessionNames;
import io.tidegate.replicas.kubernetes.KubernetesReplicas;
import io.tidegate.replicas.kubernetes.RefusalEvents;
import io.tidegate.target.EngineCatalog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the product together by constructors, and is the only place that knows every engine. What a
 * command does not ask for is not made; no class of a driver is loaded here.
 */
public final class Composition {
  private final ConnectionHandoff handoff = new ConnectionHandoff();
  private final SessionNames sessionNames = new SessionNames();
  private final PostgresEngine postgres = new PostgresEngine(handoff, sessionNames);
  private final MySqlEngine mysql = new MySqlEngine(handoff, sessionNames);
  private final SqliteEngine sqlite = new SqliteEngine(handoff);
  private final RedisEngine redis = new RedisEngine(sessionNames);
  private final MongoEngine mongo = new MongoEngine();
  private final EngineCatalog engines =
      new EngineCatalog(List.of(postgres, mysql, sqlite, redis, mongo, new MemcachedEngine()));

  private final BackupCheck backups = new RecentBackups(engines, Clock.systemUTC());

  /** All engines: the same ones each time. */
  public EngineCatalog engines() {
    return engines;
  }

  /** All migrators, made anew. */
  MigratorCatalog migrators() {
    return new MigratorCatalog(
        engines,
        List.of(
            new SqlMigrator(postgres.dialect(), backups),
            new SqlMigrator(mysql.dialect(), backups),
            new SqlMigrator(sqlite.dialect(), backups),
            mongo.migrator()));
  }

  /** An agent over all that there is. Nothing happens before it runs. */
  public Agent agent(Settings settings) {
    return agent(settings, null);
  }

  /**
   * The same, whose run is recorded.
   *
   * @param trace records it; null: nobody asks for that
   */
  Agent agent(Settings settings, @Nullable RunTrace trace) {
    return new Agent(
        engines,
        migrators(),
        guard(settings),
        replicaCounter(settings),
        why ->
            new RefusalEvents(settings.replicaSettings(), Clock.systemUTC())
                .write(String.valueOf(why.getMessage())),
        handoff,
        settings,
        Clock.systemUTC(),
        Ticker.SYSTEM,
        trace);
  }

  /** All rules over settings and live servers, made anew. */
  public static Guard guard() {
    return new Guard(RuleCatalog.all());
  }

  /** What is accepted may name any rule; else only the targets decide which are needed. */
  private static Guard guard(Settings settings) {
    return settings.acceptances().isEmpty()
        ? new Guard(RuleCatalog.on(settings.targets()))
        : guard();
  }

  private ReplicaCounter replicaCounter(Settings settings) {
    ReplicaSettings replicas = settings.replicaSettings();
    List<ReplicaSource> sources = new ArrayList<>();
    sources.add(new KubernetesReplicas(replicas));
    sources.addAll(ReplicaSources.of(replicas));
    if (settings.environment().containsKey("KUBERNETES_SERVICE_HOST")) {
      // Its API knows a rollout, in which two sessions are no second replica.
      return new ReplicaCounter(sources);
    }
    sessionNames.enable(settings.app(), settings.targets());
    List<ReplicaSource> sessions = new ArrayList<>(redis.sessions(settings.targets()));
    sessions.addAll(postgres.sessions(settings.targets()));
    sessions.addAll(mysql.sessions(settings.targets()));
    return new ReplicaCounter(sources, sessions);
  }
}
