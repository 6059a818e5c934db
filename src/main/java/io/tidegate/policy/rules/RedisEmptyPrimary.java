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
 * A Redis primary that keeps nothing, with replicas. Its replicas are no backup, so that this is told
 * instead of {@link RedisPersistence}, and accepted by itself.
 */
final class RedisEmptyPrimary implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "redis-empty-primary",
          Severity.ERROR,
          "A Redis primary that keeps nothing has replicas",
          "When the primary restarts it comes back empty, and its replicas copy that: every copy of"
              + " the data is gone at once",
          "Set appendonly yes on the primary and its replicas, or keep the primary from restarting by"
              + " itself, so that a replica takes over",
          URI.create(
              "https://redis.io/docs/latest/operate/oss_and_stack/management/replication/"
                  + "#safety-of-replication-when-master-has-persistence-turned-off"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return RedisNode.in(evidence)
        .filter(node -> node.managed().isEmpty() && node.hasReplicas())
        .flatMap(node -> finding(node, evidence).stream())
        .toList();
  }

  private static Optional<Finding> finding(RedisNode node, Evidence evidence) {
    return switch (RedisKept.of(node)) {
      case RedisKept.Something() -> Optional.empty();
      // That it is unknown redis-persistence tells.
      case RedisKept.Unknown(String reason) -> Optional.empty();
      case RedisKept.Nothing(String seen) ->
          Optional.of(
              node.finding(
                  CARD,
                  severity(node, evidence),
                  "%s; connected_slaves is %s; its purpose is %s; %s"
                      .formatted(
                          seen,
                          node.told("connected_slaves").orElse("unknown"),
                          node.purpose(),
                          evidence.replicasInWords())));
    };
  }

  private static Severity severity(RedisNode node, Evidence evidence) {
    if (node.target().purpose() == Purpose.CACHE) {
      return Severity.NOTICE;
    }
    return evidence.scaled() ? Severity.ERROR : Severity.WARNING;
  }
}
