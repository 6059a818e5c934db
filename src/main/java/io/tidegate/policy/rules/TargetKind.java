package io.tidegate.policy.rules;

import io.tidegate.target.Target;

/**
 * What kind of service a target's URL names. Rules know services by their schemes, as users do, and
 * depend on no engine.
 */
enum TargetKind {
  POSTGRES,
  /** MySQL or MariaDB. */
  MYSQL,
  /** Redis or Valkey. */
  REDIS,
  MONGO,
  SQLITE,
  MEMCACHED,
  /** No rule of its own. */
  OTHER;

  static TargetKind of(Target target) {
    String scheme = target.url().scheme();
    if (scheme.startsWith("postgres")) {
      return POSTGRES;
    }
    if (scheme.startsWith("mysql") || scheme.startsWith("mariadb")) {
      return MYSQL;
    }
    if (scheme.startsWith("redis") || scheme.startsWith("valkey")) {
      return REDIS;
    }
    if (scheme.startsWith("mongodb")) {
      return MONGO;
    }
    if (scheme.equals("memcached")) {
      return MEMCACHED;
    }
    return scheme.equals("sqlite") || scheme.equals("sqlite3") || scheme.equals("file")
        ? SQLITE
        : OTHER;
  }
}
