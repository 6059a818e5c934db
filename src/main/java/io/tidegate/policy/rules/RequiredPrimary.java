package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Role;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A target that must be a primary and is a replica by now. Waiting ends at a primary only, so that
 * this is a failover in between, or a name that leads to several servers.
 */
final class RequiredPrimary implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "required-primary",
          Severity.WARNING,
          "A target that must take writes is a replica",
          "Every write of the app fails, or is lost when the replica copies its primary again",
          "Let the URL lead to the primary alone, by the name that moves with a failover, or set"
              + " TIDEGATE_TARGETS_<NAME>_ROLE=any where the app only reads",
          URI.create("https://www.postgresql.org/docs/current/hot-standby.html"));

  /** Facts that tell of a replica, or of a server that takes no writes, and how. */
  private static final Map<String, Set<String>> SIGNS =
      Map.of(
          "role", Set.of("slave"),
          "in_recovery", Set.of("on"),
          "innodb_read_only", Set.of("ON", "1"),
          "super_read_only", Set.of("ON", "1"),
          "read_only", Set.of("ON", "1"),
          "isWritablePrimary", Set.of("false"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return evidence.targets().stream()
        .filter(target -> target.role() == Role.PRIMARY)
        .flatMap(target ->
            evidence.facts().getOrDefault(target.name(), Facts.NONE).nodes().entrySet().stream()
                .flatMap(node ->
                    SIGNS.keySet().stream()
                        .sorted()
                        .filter(sign -> seen(node.getValue(), sign))
                        .limit(1)
                        .map(sign -> finding(target, node, sign))))
        .toList();
  }

  private static boolean seen(Facts facts, String sign) {
    return facts.get(sign) instanceof Fact.Known(String value)
        && SIGNS.getOrDefault(sign, Set.of()).contains(value);
  }

  private static Finding finding(Target target, Map.Entry<String, Facts> node, String sign) {
    String at = node.getKey().isEmpty() ? "" : node.getKey() + ": ";
    String value =
        node.getValue().get(sign) instanceof Fact.Known(String known) ? known : "unknown";
    return new Finding(
        CARD,
        Severity.WARNING, // A failover must not end what starts: the watch holds /ready back.
        target.name(),
        "%sa primary is required, and %s is %s".formatted(at, sign, value));
  }
}
