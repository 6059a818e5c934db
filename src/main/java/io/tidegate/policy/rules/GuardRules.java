package io.tidegate.policy.rules;

import io.tidegate.policy.Rule;
import java.util.List;

/** The one list of the rules over settings and live servers. A test fails where one is missing. */
public final class GuardRules {
  private GuardRules() {}

  /** All of them, by name. */
  public static List<Rule> all() {
    return List.of(
        new BackupEvidence(),
        new EndOfLife(),
        new InlineCredentials(),
        new MemcachedSessions(),
        new MongoJournal(),
        new MongoStandalone(),
        new MongoWriteConcern(),
        MySqlRules.FLUSH_LOG,
        MySqlRules.STORAGE_ENGINES,
        MySqlRules.SYNC_BINLOG,
        PostgresRules.FSYNC,
        PostgresRules.FULL_PAGE_WRITES,
        PostgresRules.SYNCHRONOUS_COMMIT,
        PostgresRules.UNLOGGED_TABLES,
        new RedisEmptyPrimary(),
        new RedisEviction(),
        new RedisFsync(),
        new RedisLastWrite(),
        new RedisMemory(),
        new RedisPersistence(),
        new RedisSuperuser(),
        new ReplicasUnderstated(),
        new ReplicasUnknown(),
        new RequiredPrimary(),
        new SqliteEnvironment(),
        new SqliteReplicas(),
        new SqliteRollout(),
        new Superuser(),
        new UnencryptedConnection());
  }
}
