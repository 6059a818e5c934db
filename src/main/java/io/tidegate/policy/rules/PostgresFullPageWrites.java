package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;

/** A PostgreSQL whose pages can be torn. */
final class PostgresFullPageWrites implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "postgres-full-page-writes",
          Severity.WARNING,
          "A PostgreSQL that is no cache runs with full_page_writes off",
          "A page that was half written when the machine crashed stays a mix of old and"
              + " new rows, and nothing notices it",
          "Set full_page_writes = on, unless the file system writes pages of 8 kB whole"
              + " (as ZFS does), and accept the rule then",
          URI.create(
              "https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-FULL-PAGE-WRITES"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> judge(Evidence evidence) {
    return PostgresStorage.judge(CARD, "full_page_writes", evidence);
  }
}
