package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;

/** A declared number of replicas below what another source tells. The larger one is judged by. */
final class ReplicasUnderstated implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "replicas-understated",
          Severity.WARNING,
          "Fewer replicas are declared than there are",
          "Wherever nothing else tells, as before DNS knows all replicas, the guard believes the"
              + " declaration and lets through what several replicas break",
          "Declare in TIDEGATE_REPLICAS the most that ever run, or take it out",
          URI.create(
              "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#scaling-a-deployment"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    Integer declared = evidence.declared();
    if (declared == null || evidence.replicas().number() <= declared) {
      return List.of();
    }
    return List.of(
        new Finding(
            CARD,
            Severity.WARNING,
            "replicas",
            "declared: %d; counted: %s".formatted(declared, evidence.replicasInWords())));
  }
}
