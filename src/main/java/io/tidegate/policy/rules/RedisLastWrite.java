package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;

/** A Redis whose last attempt to put its data on disk failed. */
final class RedisLastWrite implements Rule {
  private static final List<String> STATES =
      List.of("rdb_last_bgsave_status", "aof_last_write_status", "aof_last_bgrewrite_status");

  private static final RuleCard CARD =
      new RuleCard(
          "redis-last-write",
          Severity.WARNING,
          "A Redis failed to put its data on disk when it last tried",
          "Redis refuses writes by default after that, or goes on and loses them with the next restart",
          "Look into the server's log for the reason, most often a full disk, a directory that it may"
              + " not write or too little memory to fork, and let it save again with BGSAVE or"
              + " BGREWRITEAOF",
          URI.create("https://redis.io/docs/latest/commands/info/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return RedisNode.in(evidence)
        .flatMap(node ->
            STATES.stream()
                .filter(state -> node.told(state, "err"))
                .map(state -> node.finding(CARD, Severity.WARNING, state + " is err")))
        .toList();
  }
}
