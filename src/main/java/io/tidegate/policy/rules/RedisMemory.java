package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Target.Purpose;
import java.net.URI;
import java.util.List;

/** A Redis that may grow without a limit of its own. */
final class RedisMemory implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "redis-memory",
          Severity.WARNING,
          "A Redis has no limit of its memory",
          "It grows until the kernel kills it, which a cache does sooner or later by design, and what"
              + " was not yet on disk is gone",
          "Set maxmemory to about three quarters of the container's memory limit, with a"
              + " maxmemory-policy that suits the purpose",
          URI.create("https://redis.io/docs/latest/operate/oss_and_stack/management/admin/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return RedisNode.in(evidence)
        // A provider limits the memory outside of the server.
        .filter(node -> node.managed().isEmpty() && node.told("maxmemory", "0"))
        .map(node ->
            node.finding(
                CARD,
                severity(node),
                "maxmemory is 0; its purpose is %s".formatted(node.purpose())))
        .toList();
  }

  /** A cache fills by design; and where nothing is kept, being killed costs everything. */
  private static Severity severity(RedisNode node) {
    boolean cache = node.target().purpose() == Purpose.CACHE;
    return cache || RedisKept.of(node) instanceof RedisKept.Nothing
        ? Severity.WARNING
        : Severity.NOTICE;
  }
}
