package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** A PostgreSQL that says committed before it is. */
final class PostgresSynchronousCommit implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "postgres-synchronous-commit",
          Severity.WARNING,
          "The sessions of a PostgreSQL that is no cache have synchronous_commit off",
          "The last transactions before a crash, up to three times wal_writer_delay,"
              + " are lost although the app was told that they are committed",
          "Set synchronous_commit = on for the server, the database and the user, and"
              + " off only in the transactions that may be lost",
          URI.create("https://www.postgresql.org/docs/current/wal-async-commit.html"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> judge(Evidence evidence) {
    return LiveTarget.kept(evidence, TargetKind::isPostgres)
        .flatMap(live -> finding(live).stream())
        .toList();
  }

  private static Optional<Finding> finding(LiveTarget live) {
    if (live.managed().filter(ManagedService::durable).isPresent()) {
      return Optional.empty();
    }
    return live.judge(
        "synchronous_commit",
        CARD,
        "whether synchronous_commit is on",
        value ->
            value.equals("off")
                ? Optional.of(
                    live.finding(
                        CARD, Severity.WARNING, "synchronous_commit is off for its sessions"))
                : Optional.empty());
  }
}
