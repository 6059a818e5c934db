package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.policy.SharedCards;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.target.Target;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/** The rules over what is declared, and over the number of replicas. */
final class SettingsRules {
  /** A password inside a URL. */
  static final EvidenceRule INLINE_CREDENTIALS =
      new EvidenceRule(SharedCards.INLINE_CREDENTIALS, SettingsRules::inlineCredentials);

  /** A declared number below what another source reports. The larger one counts. */
  static final EvidenceRule REPLICAS_UNDERSTATED =
      new EvidenceRule(
          new RuleCard(
              "replicas-understated",
              Severity.WARNING,
              "Fewer replicas are declared than there are",
              "Wherever no other source reports the number, as before DNS knows all replicas, the guard"
                  + " believes the declaration and lets through what several replicas break",
              "Declare in TIDEGATE_REPLICAS the most that ever run, or take it out",
              URI.create(
                  "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#scaling-a-deployment")),
          SettingsRules::replicasUnderstated);

  /** Worth a notice for as long as it is so. */
  static final EvidenceRule REPLICAS_UNKNOWN =
      new EvidenceRule(
          new RuleCard(
              "replicas-unknown",
              Severity.NOTICE,
              "The number of replicas is unknown",
              "What only one replica may do is decided by a guess, which may let through what several"
                  + " break, or refuse what a single one may do",
              "Declare TIDEGATE_REPLICAS, name in TIDEGATE_REPLICAS_DNS what has an address for each"
                  + " replica, or grant the rights in k8s/rbac.yaml",
              URI.create("https://kubernetes.io/docs/reference/access-authn-authz/rbac/")),
          SettingsRules::replicasUnknown);

  static final List<Rule> ALL = List.of(INLINE_CREDENTIALS, REPLICAS_UNDERSTATED, REPLICAS_UNKNOWN);

  private static final String REPLICAS = "replicas";

  private SettingsRules() {}

  private static List<Finding> inlineCredentials(Evidence evidence) {
    return evidence.targets().stream()
        .flatMap(target -> Stream.of(target, target.forMigration()).distinct())
        .filter(Target::inlinePassword)
        .map(target ->
            new Finding(
                INLINE_CREDENTIALS.card(),
                Severity.WARNING,
                target.name(),
                "the URL in `%s` holds a password".formatted(target.origin())))
        .toList();
  }

  private static List<Finding> replicasUnderstated(Evidence evidence) {
    Integer declared = evidence.declared();
    if (declared == null || evidence.replicas().number() <= declared) {
      return List.of();
    }
    return List.of(
        new Finding(
            REPLICAS_UNDERSTATED.card(),
            Severity.WARNING,
            REPLICAS,
            "declared: %d; counted: %s".formatted(declared, evidence.describeReplicas())));
  }

  private static List<Finding> replicasUnknown(Evidence evidence) {
    return evidence.replicas() instanceof ReplicaCount.Unknown
        ? List.of(
            new Finding(
                REPLICAS_UNKNOWN.card(), Severity.NOTICE, REPLICAS, evidence.describeReplicas()))
        : List.of();
  }
}
