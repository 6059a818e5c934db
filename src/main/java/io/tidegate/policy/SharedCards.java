package io.tidegate.policy;

import java.net.URI;

/** The cards of rules that look both at live settings or servers and at files before a deployment. */
public final class SharedCards {
  public static final RuleCard INLINE_CREDENTIALS =
      new RuleCard(
          "inline-credentials",
          Severity.WARNING,
          "A password or another secret is written in a URL or a setting",
          "Whoever can list the container's settings or read the repository can read it, it ends up in"
              + " logs, error reports and the repository's history, and it cannot be changed without a"
              + " restart",
          "Take it out: mount it as a file and name that in TIDEGATE_TARGETS_<NAME>_PASSWORD_FILE; for"
              + " the app use a Compose secret and a variable that ends in _FILE, secretKeyRef in"
              + " Kubernetes, or ${NAME}",
          URI.create("https://docs.docker.com/compose/how-tos/use-secrets/"));

  public static final RuleCard REDIS_EVICTION =
      new RuleCard(
          "redis-eviction",
          Severity.WARNING,
          "A Redis that is no cache throws keys away when its memory is full",
          "Jobs, sessions, counters or records disappear without an error as soon as memory is short",
          "Set maxmemory-policy noeviction and watch the memory, or declare"
              + " TIDEGATE_TARGETS_<NAME>_PURPOSE=cache if any key may go at any time",
          URI.create("https://redis.io/docs/latest/develop/reference/eviction/"));

  public static final RuleCard REDIS_PERSISTENCE =
      new RuleCard(
          "redis-persistence",
          Severity.ERROR,
          "A Redis that is no cache keeps nothing over a restart while more than one replica runs",
          "When Redis restarts, every session, job, counter and lock in it is gone for all replicas at"
              + " once",
          "Set appendonly yes on a persistent volume (or at least save points), or declare"
              + " TIDEGATE_TARGETS_<NAME>_PURPOSE=cache if losing all of it is harmless",
          URI.create("https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/"));

  public static final RuleCard SQLITE_REPLICAS =
      new RuleCard(
          "sqlite-replicas",
          Severity.ERROR,
          "SQLite is used while more than one replica runs",
          "Each replica writes a database file of its own, or all write one file over a network file"
              + " system whose locks do not hold: rows differ between replicas, are lost, or the file"
              + " is corrupted",
          "Use a server such as PostgreSQL, or run exactly one replica (in Kubernetes with strategy:"
              + " Recreate)",
          URI.create("https://www.sqlite.org/useovernet.html"));

  private SharedCards() {}
}
