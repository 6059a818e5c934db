package io.tidegate.guard.rules;

import io.tidegate.census.ReplicaCount;
import io.tidegate.guard.Evidence;
import io.tidegate.guard.Finding;
import io.tidegate.guard.Rule;
import io.tidegate.guard.RuleCard;
import io.tidegate.guard.Severity;
import java.net.URI;
import java.util.List;

/** Nothing tells how many replicas there are: worth a notice for as long as it is so. */
final class ReplicasUnknown implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "replicas-unknown",
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
  public Severity worst() {
    return Severity.NOTICE;
  }

  @Override
  public List<Finding> judge(Evidence evidence) {
    return evidence.replicas() instanceof ReplicaCount.Unknown
        ? List.of(new Finding(CARD, Severity.NOTICE, "replicas", evidence.replicasInWords()))
        : List.of();
  }
}
