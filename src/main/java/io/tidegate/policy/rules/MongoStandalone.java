package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** A MongoDB of one server under an app of several. */
final class MongoStandalone implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "mongodb-standalone",
          Severity.WARNING,
          "A MongoDB that is no cache is a standalone server while more than one" + " replica runs",
          "When that one server or its disk fails, all replicas stand still and what"
              + " was written since the last backup is gone; transactions and change streams"
              + " do not work on it",
          "Run a replica set of three members, or start a single one with --replSet and"
              + " rs.initiate() so that members can be added",
          URI.create(
              "https://www.mongodb.com/docs/manual/tutorial/convert-standalone-to-replica-set/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return evidence.scaled()
        ? LiveTarget.kept(evidence, TargetKind::isMongo)
            .flatMap(live -> finding(live, evidence).stream())
            .toList()
        : List.of();
  }

  private static Optional<Finding> finding(LiveTarget live, Evidence evidence) {
    if (live.managed().isPresent()) {
      return Optional.empty();
    }
    return live.evaluate(
        "setName",
        CARD,
        "whether it is a standalone server",
        name ->
            name.isEmpty() && !live.reports("msg", MongoDeployment.ROUTER)
                ? Optional.of(
                    live.finding(
                        CARD,
                        Severity.WARNING,
                        "hello tells of no replica set; " + evidence.replicasInWords()))
                : Optional.empty());
  }
}
