package io.tidegate.policy.rules;

import io.tidegate.policy.Rule;
import io.tidegate.target.Target;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The one list of the rules over settings and live servers. A test fails where one is missing. */
public final class RuleCatalog {
  private RuleCatalog() {}

  /** All of them. */
  public static List<Rule> all() {
    return on(EnumSet.allOf(TargetKind.class));
  }

  /**
   * Those that can find something where these are the targets. Rules of other kinds of servers are
   * not even loaded, so that a start does not pay for them.
   */
  public static List<Rule> on(List<Target> targets) {
    Set<TargetKind> kinds = EnumSet.noneOf(TargetKind.class);
    for (Target target : targets) {
      kinds.add(TargetKind.of(target));
    }
    return on(kinds);
  }

  /** The one that finds what is missing of a declared backup. */
  public static Rule backup() {
    return BackupEvidence.RULE;
  }

  private static List<Rule> on(Set<TargetKind> kinds) {
    List<Rule> rules = new ArrayList<>();
    rules.addAll(SettingsRules.ALL);
    rules.addAll(ServerRules.ALL);
    rules.add(BackupEvidence.RULE);
    rules.add(EndOfLife.RULE);
    rules.add(UnencryptedConnection.RULE);
    rules.add(new SqliteRules.Environment());
    for (TargetKind kind : kinds) {
      rules.addAll(
          switch (kind) {
            case POSTGRES -> PostgresRules.ALL;
            case MYSQL -> MySqlRules.ALL;
            case REDIS -> RedisRules.ALL;
            case MONGO -> MongoRules.ALL;
            case SQLITE -> SqliteRules.ALL;
            case MEMCACHED -> MemcachedRules.ALL;
            case OTHER -> List.of();
          });
    }
    return rules;
  }
}
