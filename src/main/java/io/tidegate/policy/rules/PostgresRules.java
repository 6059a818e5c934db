package io.tidegate.policy.rules;

import io.tidegate.policy.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
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
          TargetKind::isPostgres,
          (card, live) -> storage(card, live, "fsync"));

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
          TargetKind::isPostgres,
          (card, live) -> storage(card, live, "full_page_writes"));

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
          TargetKind::isPostgres,
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
          TargetKind::isPostgres,
          PostgresRules::unloggedTables);

  private PostgresRules() {}

  /**
   * A setting by which PostgreSQL trusts its storage to write what it is told. The storage of a
   * managed service is its provider's: off is not unsafe there by itself.
   */
  private static Optional<Finding> storage(RuleCard card, LiveTarget live, String setting) {
    Optional<ManagedService> managed = live.managed();
    if (managed.isPresent() && managed.get().durable()) {
      return Optional.empty();
    }
    return live.evaluate(
        setting,
        card,
        "whether " + setting + " is on",
        value ->
            value.equals("off")
                ? Optional.of(off(card, setting, live, managed))
                : Optional.empty());
  }

  private static Finding off(
      RuleCard card, String setting, LiveTarget live, Optional<ManagedService> managed) {
    return managed
        .map(service ->
            live.unknown(
                card,
                "whether " + setting + " has to be on",
                "it is off, and it is " + service.name() + ", whose storage is its provider's"))
        .orElseGet(() -> live.finding(card, Severity.WARNING, setting + " is off"));
  }

  private static Optional<Finding> synchronousCommit(RuleCard card, LiveTarget live) {
    if (live.managed().filter(ManagedService::durable).isPresent()) {
      return Optional.empty();
    }
    return live.evaluate(
        "synchronous_commit",
        card,
        "whether synchronous_commit is on",
        value ->
            value.equals("off")
                ? Optional.of(
                    live.finding(
                        card, Severity.WARNING, "synchronous_commit is off for its sessions"))
                : Optional.empty());
  }

  private static Optional<Finding> unloggedTables(RuleCard card, LiveTarget live) {
    return live.evaluate(
        "unlogged_tables",
        card,
        "whether it has unlogged tables",
        tables ->
            tables.isEmpty()
                ? Optional.empty()
                : Optional.of(live.finding(card, Severity.WARNING, "unlogged: " + tables)));
  }
}
