package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** A MongoDB that keeps no journal. */
final class MongoJournal implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "mongodb-journal",
          Severity.WARNING,
          "A MongoDB that is no cache runs without a journal, or in memory",
          "A crash loses every write since the last checkpoint, up to a minute of them;"
              + " in memory a restart loses all",
          "Take --nojournal or storage.journal.enabled: false out of its configuration,"
              + " and use the storage engine wiredTiger",
          URI.create("https://www.mongodb.com/docs/manual/core/journaling/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return LiveTarget.kept(evidence, TargetKind::isMongo)
        .flatMap(live -> finding(live).stream())
        .toList();
  }

  private static Optional<Finding> finding(LiveTarget live) {
    if (live.reports("storage.engine", "inMemory")) {
      return Optional.of(live.finding(CARD, Severity.WARNING, "storage.engine is inMemory"));
    }
    if (live.reports("storage.journal.enabled", "false")) {
      return Optional.of(live.finding(CARD, Severity.WARNING, "storage.journal.enabled is false"));
    }
    if (MongoDeployment.alwaysJournals(live)) {
      return Optional.empty();
    }
    if (live.managed().isPresent()) {
      return Optional.of(
          live.unknown(CARD, "whether it keeps a journal", "it is " + live.managed().get().name()));
    }
    if (live.reports("msg", MongoDeployment.ROUTER)) {
      return Optional.of(
          live.unknown(CARD, "whether it keeps a journal", "mongos answers in its servers' place"));
    }
    // Known, it is enabled, or so by default.
    return live.evaluate(
        "storage.journal.enabled", CARD, "whether it keeps a journal", value -> Optional.empty());
  }
}
