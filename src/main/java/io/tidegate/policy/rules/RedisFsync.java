package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Target.Purpose;
import java.net.URI;
import java.util.List;

/** An append-only file that the operating system writes to disk when it likes. */
final class RedisFsync implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "redis-fsync",
          Severity.WARNING,
          "A Redis leaves it to the operating system when its append-only file reaches the disk",
          "When the host fails, writes of about the last half minute are gone although Redis had"
              + " acknowledged them",
          "Set appendfsync everysec, which is the default and costs little, or always",
          URI.create("https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return RedisNode.in(evidence)
        .filter(node -> node.managed().isEmpty() && node.target().purpose() != Purpose.CACHE)
        .filter(node -> node.told("appendonly", "yes") && node.told("appendfsync", "no"))
        .map(node ->
            node.finding(
                CARD,
                severity(node),
                "appendonly is yes and appendfsync is no; its purpose is " + node.purpose()))
        .toList();
  }

  /** Half a minute of sessions or counters is little; of jobs and records it is not. */
  private static Severity severity(RedisNode node) {
    return switch (node.target().purpose()) {
      case SESSION, RATE_LIMIT, CACHE -> Severity.NOTICE;
      case QUEUE, STORE -> Severity.WARNING;
    };
  }
}
