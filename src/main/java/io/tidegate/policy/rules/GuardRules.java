package io.tidegate.policy.rules;

import io.tidegate.policy.Rule;
import java.util.List;

/** The one list of the rules over settings and live servers. A test fails where one is missing. */
public final class GuardRules {
  private GuardRules() {}

  /** All of them, made anew, by name. */
  public static List<Rule> all() {
    return List.of(
        new BackupEvidence(),
        new EndOfLife(),
        new InlineCredentials(),
        new MongoJournal(),
        new MongoStandalone(),
        new MongoWriteConcern(),
        new MySqlFlushLog(),
        new MySqlStorageEngines(),
        new MySqlSyncBinlog(),
        new PostgresFsync(),
        new PostgresFullPageWrites(),
        new PostgresSynchronousCommit(),
        new PostgresUnloggedTables(),
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
