package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;

/** A PostgreSQL that does not wait for its disk. */
final class PostgresFsync implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "postgres-fsync",
          Severity.WARNING,
          "A PostgreSQL that is no cache runs with fsync off",
          "After a crash of the machine or a loss of power the whole database can be"
              + " corrupt beyond repair, not just its last transactions",
          "Set fsync = on; where commits are too slow, synchronous_commit = off loses"
              + " the last of them and corrupts nothing",
          URI.create("https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-FSYNC"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> judge(Evidence evidence) {
    return PostgresStorage.judge(CARD, "fsync", evidence);
  }
}
