package io.tidegate.policy.rules;

import io.tidegate.target.Target;
import java.util.Set;

/**
 * What kind of service a target's URL names. Rules know services by their schemes, as users do, and
 * depend on no engine.
 */
final class TargetKind {
  private static final Set<String> SQLITE = Set.of("sqlite", "sqlite3", "file");

  private TargetKind() {}

  static boolean isSqlite(Target target) {
    return SQLITE.contains(target.url().scheme());
  }

  static boolean isRedis(Target target) {
    String scheme = target.url().scheme();
    return scheme.startsWith("redis") || scheme.startsWith("valkey");
  }

  static boolean isPostgres(Target target) {
    return target.url().scheme().startsWith("postgres");
  }

  /** MySQL or MariaDB. */
  static boolean isMySql(Target target) {
    String scheme = target.url().scheme();
    return scheme.startsWith("mysql") || scheme.startsWith("mariadb");
  }

  static boolean isMemcached(Target target) {
    return target.url().scheme().equals("memcached");
  }

  static boolean isMongo(Target target) {
    return target.url().scheme().startsWith("mongodb");
  }
}
