package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Target.Purpose;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A Redis that keeps nothing, while what is in it is not just a cache. Of one that has replicas {@link
 * RedisEmptyPrimary} speaks instead.
 */
final class RedisPersistence implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "redis-persistence",
          Severity.ERROR,
          "A Redis that is no cache keeps nothing over a restart while more than one replica runs",
          "When Redis restarts, every session, job, counter and lock in it is gone for all replicas at"
              + " once",
          "Set appendonly yes on a persistent volume (or at least save points), or declare"
              + " TIDEGATE_TARGETS_<NAME>_PURPOSE=cache if losing all of it is harmless",
          URI.create("https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return RedisNode.in(evidence)
        .filter(node -> node.target().purpose() != Purpose.CACHE)
        .flatMap(node -> finding(node, evidence).stream())
        // The nodes of a managed service are all told of in the same words.
        .distinct()
        .toList();
  }

  private static Optional<Finding> finding(RedisNode node, Evidence evidence) {
    if (node.managed().isPresent()) {
      return managed(node, node.managed().get());
    }
    return switch (RedisKept.of(node)) {
      case RedisKept.Something() -> Optional.empty();
      case RedisKept.Nothing(String seen) when node.hasReplicas() -> Optional.empty();
      case RedisKept.Nothing(String seen) ->
          Optional.of(
              node.finding(
                  CARD,
                  evidence.scaled() ? Severity.ERROR : Severity.WARNING,
                  "%s; its purpose is %s; %s"
                      .formatted(seen, node.purpose(), evidence.replicasInWords())));
      case RedisKept.Unknown(String reason) ->
          Optional.of(
              node.finding(
                  CARD, Severity.NOTICE, "whether it keeps its data is unknown: " + reason));
    };
  }

  private static Optional<Finding> managed(RedisNode node, ManagedService service) {
    return service.durable()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                CARD,
                Severity.NOTICE,
                node.target().name(),
                "whether it keeps its data is unknown: it is %s, where that is set with the provider"
                    .formatted(service.name())));
  }
}
