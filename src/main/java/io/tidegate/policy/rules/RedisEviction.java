package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target.Purpose;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A Redis that throws keys away when memory is short, while what is in it is not just a cache. Never
 * an error: most of those that evict are caches whose purpose nobody declared.
 */
final class RedisEviction implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "redis-eviction",
          Severity.WARNING,
          "A Redis that is no cache throws keys away when its memory is full",
          "Jobs, sessions, counters or records disappear without an error as soon as memory is short",
          "Set maxmemory-policy noeviction and watch the memory, or declare"
              + " TIDEGATE_TARGETS_<NAME>_PURPOSE=cache if any key may go at any time",
          URI.create("https://redis.io/docs/latest/develop/reference/eviction/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return RedisNode.in(evidence)
        .filter(node -> node.target().purpose() != Purpose.CACHE)
        // Without a limit nothing is ever evicted.
        .filter(node -> !node.told("maxmemory", "0"))
        .flatMap(node -> finding(node).stream())
        .toList();
  }

  private static Optional<Finding> finding(RedisNode node) {
    Fact configured = node.facts().get("maxmemory-policy");
    Fact policy =
        configured instanceof Fact.Known ? configured : node.facts().get("maxmemory_policy");
    return switch (policy) {
      case Fact.Unknown(String reason) ->
          Optional.of(
              node.finding(
                  CARD,
                  Severity.NOTICE,
                  "whether it throws keys away is unknown: maxmemory-policy: " + reason));
      case Fact.Known(String word) when word.startsWith("allkeys-") ->
          Optional.of(node.finding(CARD, Severity.WARNING, seen(node, word, "any key may go")));
      case Fact.Known(String word) when word.startsWith("volatile-") ->
          Optional.of(
              node.finding(
                  CARD, ofExpiring(node), seen(node, word, "keys with an expiry may go early")));
      case Fact.Known(String word) -> Optional.empty();
    };
  }

  /** Sessions and the counters of a rate limit all have an expiry; jobs and records seldom do. */
  private static Severity ofExpiring(RedisNode node) {
    return switch (node.target().purpose()) {
      case SESSION, RATE_LIMIT -> Severity.WARNING;
      case QUEUE, STORE, CACHE -> Severity.NOTICE;
    };
  }

  private static String seen(RedisNode node, String policy, String meaning) {
    return "maxmemory-policy is %s, so that %s; its purpose is %s"
        .formatted(policy, meaning, node.purpose());
  }
}
