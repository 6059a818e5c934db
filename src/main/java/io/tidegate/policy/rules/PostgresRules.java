package io.tidegate.policy.rules;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.policy.rules.FactRule.LiveServer;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The rules over the settings and tables of a live PostgreSQL. */
final class PostgresRules {
  /** It does not wait for its disk. */
  static final FactRule FSYNC =
      new FactRule(
          new RuleCard(
              "postgres-fsync",
              Severity.WARNING,
              "A PostgreSQL that is no cache runs with fsync off",
              "After a crash of the machine or a loss of power the whole database can be"
                  + " corrupt beyond repair, not just its last transactions",
              "Set fsync = on; where commits are too slow, synchronous_commit = off loses"
                  + " the last of them and corrupts nothing",
              URI.create(
                  "https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-FSYNC")),
          TargetKind.POSTGRES,
          server -> storage(server, "fsync"));

  /** Its pages can be torn. */
  static final FactRule FULL_PAGE_WRITES =
      new FactRule(
          new RuleCard(
              "postgres-full-page-writes",
              Severity.WARNING,
              "A PostgreSQL that is no cache runs with full_page_writes off",
              "A page that was half written when the machine crashed stays a mix of old and"
                  + " new rows, and nothing notices it",
              "Set full_page_writes = on, unless the file system writes pages of 8 kB whole"
                  + " (as ZFS does), and accept the rule then",
              URI.create(
                  "https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-FULL-PAGE-WRITES")),
          TargetKind.POSTGRES,
          server -> storage(server, "full_page_writes"));

  /** It says committed before it is. */
  static final FactRule SYNCHRONOUS_COMMIT =
      new FactRule(
          new RuleCard(
              "postgres-synchronous-commit",
              Severity.WARNING,
              "The sessions of a PostgreSQL that is no cache have synchronous_commit off",
              "The last transactions before a crash, up to three times wal_writer_delay,"
                  + " are lost although the app was told that they are committed",
              "Set synchronous_commit = on for the server, the database and the user, and"
                  + " off only in the transactions that may be lost",
              URI.create("https://www.postgresql.org/docs/current/wal-async-commit.html")),
          TargetKind.POSTGRES,
          PostgresRules::synchronousCommit);

  /** Tables that a crash empties. */
  static final FactRule UNLOGGED_TABLES =
      new FactRule(
          new RuleCard(
              "postgres-unlogged-tables",
              Severity.WARNING,
              "A PostgreSQL that is no cache has unlogged tables",
              "A crash of the server empties them, and they are empty on every standby"
                  + " after a failover and in every backup of the files",
              "Run ALTER TABLE ... SET LOGGED on each whose rows must stay, and accept the"
                  + " rule for those that may be lost",
              URI.create(
                  "https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-UNLOGGED")),
          TargetKind.POSTGRES,
          PostgresRules::unloggedTables);

  static final List<Rule> ALL =
      List.of(FSYNC, FULL_PAGE_WRITES, SYNCHRONOUS_COMMIT, UNLOGGED_TABLES);

  private PostgresRules() {}

  /**
   * A setting by which PostgreSQL trusts its storage to write what it is told. The storage of a
   * managed service is its provider's: off is not unsafe there by itself.
   */
  private static List<Finding> storage(LiveServer server, String setting) {
    Optional<ManagedService> managed = server.managed();
    if (managed.isPresent() && managed.get().durable()) {
      return List.of();
    }
    return server.check(
        setting,
        "whether " + setting + " is on",
        value -> value.equals("off") ? off(server, setting, managed) : List.of());
  }

  private static List<Finding> off(
      LiveServer server, String setting, Optional<ManagedService> managed) {
    return managed
        .map(service ->
            server.unknown(
                "whether " + setting + " has to be on",
                "it is off, and it is " + service.name() + ", whose storage is its provider's"))
        .orElseGet(() -> server.warning(setting + " is off"));
  }

  private static List<Finding> synchronousCommit(LiveServer server) {
    if (server.managed().filter(ManagedService::durable).isPresent()) {
      return List.of();
    }
    return server.check(
        "synchronous_commit",
        "whether synchronous_commit is on",
        value ->
            value.equals("off")
                ? server.warning("synchronous_commit is off for its sessions")
                : List.of());
  }

  private static List<Finding> unloggedTables(LiveServer server) {
    return server.check(
        "unlogged_tables",
        "whether it has unlogged tables",
        tables -> tables.isEmpty() ? List.of() : server.warning("unlogged: " + tables));
  }
}
