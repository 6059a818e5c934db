package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One server of a Redis target: the target's only one, or each primary of a Cluster or a Sentinel set.
 *
 * @param address where it is; empty for the only one
 * @param facts what it told, by the names without a prefix
 * @param managed the managed service that it belongs to
 */
record RedisNode(Target target, String address, Facts facts, Optional<ManagedService> managed) {

  /** Every server of every Redis target that was asked. */
  static Stream<RedisNode> in(Evidence evidence) {
    return evidence.targets().stream()
        .filter(TargetKind::isRedis)
        .filter(target -> evidence.facts().containsKey(target.name()))
        .flatMap(target -> {
          Facts told = evidence.facts().getOrDefault(target.name(), Facts.NONE);
          Optional<ManagedService> managed = ManagedService.of(target, told);
          return told.nodes().entrySet().stream()
              .map(node -> new RedisNode(target, node.getKey(), node.getValue(), managed));
        });
  }

  /** What it told by that name; empty: unknown. */
  Optional<String> told(String name) {
    return facts.get(name) instanceof Fact.Known(String value)
        ? Optional.of(value.strip())
        : Optional.empty();
  }

  boolean told(String name, String value) {
    return told(name).filter(value::equals).isPresent();
  }

  /** Whether it is a primary from which replicas copy right now. */
  boolean hasReplicas() {
    return !told("role", "slave")
        && told("connected_slaves").filter(n -> !n.equals("0")).isPresent();
  }

  /** A finding about it, with its address in front of the evidence. */
  Finding finding(RuleCard card, Severity severity, String evidence) {
    return new Finding(
        card, severity, target.name(), address.isEmpty() ? evidence : address + ": " + evidence);
  }

  /** The purpose as it is declared: {@code rate-limit}. */
  String purpose() {
    return target.purpose().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
