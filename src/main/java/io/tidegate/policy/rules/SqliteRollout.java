package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.replicas.ReplicaCount;
import java.net.URI;
import java.util.List;

/**
 * A target that is a SQLite file, in a Deployment of one replica whose rollouts run two. More than one
 * all the time is the matter of {@link SqliteReplicas}.
 */
final class SqliteRollout implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "sqlite-rollout",
          Severity.WARNING,
          "A target is SQLite while each rollout runs a second replica for a while",
          "Until the old pod has gone, both write to one file, or the new one begins with a file of"
              + " its own and what the old one still writes is lost",
          "Set strategy: Recreate in the Deployment, so that the old pod has ended before the new one"
              + " starts",
          URI.create(
              "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#recreate-deployment"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    if (!(evidence.replicas() instanceof ReplicaCount.Exactly(int count, String _, int surge))
        || count > 1
        || surge == 0) {
      return List.of();
    }
    return evidence.targets().stream()
        .filter(TargetKind::isSqlite)
        .map(target -> SqliteSeverity.finding(CARD, target, evidence))
        .toList();
  }
}
