package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.replicas.ReplicaCount;
import java.net.URI;
import java.util.List;

/** Nothing tells how many replicas there are: worth a notice for as long as it is so. */
final class ReplicasUnknown implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "replicas-unknown",
          Severity.NOTICE,
          "Nothing tells how many replicas there are",
          "What only one replica may do is judged by a guess, which may let through what several"
              + " break, or refuse what a single one may do",
          "Declare TIDEGATE_REPLICAS, name in TIDEGATE_REPLICAS_DNS what has an address for each"
              + " replica, or grant the rights in k8s/rbac.yaml",
          URI.create("https://kubernetes.io/docs/reference/access-authn-authz/rbac/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return evidence.replicas() instanceof ReplicaCount.Unknown
        ? List.of(new Finding(CARD, Severity.NOTICE, "replicas", evidence.replicasInWords()))
        : List.of();
  }
}
