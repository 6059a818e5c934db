package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Purpose;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A rule over what live servers report of themselves. It finds nothing at a target that was not asked.
 *
 * @param kinds which targets it looks at
 * @param caches whether it looks at those whose data may be lost, too
 * @param check what it finds at one server
 */
record FactRule(
    RuleCard card, Set<TargetKind> kinds, boolean caches, Function<LiveServer, List<Finding>> check)
    implements Rule {

  /** A rule on targets of one kind whose data must stay. */
  FactRule(RuleCard card, TargetKind kind, Function<LiveServer, List<Finding>> check) {
    this(card, Set.of(kind), false, check);
  }

  /** A rule on every target. */
  static FactRule onAll(RuleCard card, Function<LiveServer, List<Finding>> check) {
    return new FactRule(card, EnumSet.allOf(TargetKind.class), true, check);
  }

  /** A rule on targets of one kind, whether their data must stay or may be lost. */
  static FactRule withCaches(
      RuleCard card, TargetKind kind, Function<LiveServer, List<Finding>> check) {
    return new FactRule(card, Set.of(kind), true, check);
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return evidence.targets().stream()
        .filter(target -> kinds.contains(TargetKind.of(target)))
        .filter(target -> caches || target.purpose() != Purpose.CACHE)
        .flatMap(target -> LiveServer.of(card, evidence, target))
        .flatMap(server -> check.apply(server).stream())
        // What a rule reports of a whole target, each of its servers gives.
        .distinct()
        .toList();
  }

  /**
   * One server as a rule looks at it: the target's only one, or each primary of several.
   *
   * @param card of the rule that looks
   * @param address where the server is; empty for the only one
   * @param facts what it reported, by names without a prefix
   */
  record LiveServer(RuleCard card, Evidence evidence, Target target, String address, Facts facts) {

    /** The servers of a target; none if it was not asked. */
    private static Stream<LiveServer> of(RuleCard card, Evidence evidence, Target target) {
      Facts all = evidence.facts().get(target.name());
      return all == null
          ? Stream.empty()
          : all.nodes().entrySet().stream()
              .map(node -> new LiveServer(card, evidence, target, node.getKey(), node.getValue()));
    }

    /** The target as a whole, for what is the same at each of its servers. */
    LiveServer whole() {
      return new LiveServer(card, evidence, target, "", allFacts());
    }

    TargetKind kind() {
      return TargetKind.of(target);
    }

    Optional<ManagedService> managed() {
      return ManagedService.of(target, allFacts());
    }

    /** The purpose as it is declared: {@code rate-limit}. */
    String purpose() {
      return target.purpose().id();
    }

    Fact fact(String name) {
      return facts.get(name);
    }

    /** What it reported by that name; empty: unknown. */
    Optional<String> known(String name) {
      return fact(name) instanceof Fact.Known(String value)
          ? Optional.of(value.strip())
          : Optional.empty();
    }

    /** Whether the fact is known to be that. */
    boolean has(String name, String value) {
      return known(name).filter(value::equalsIgnoreCase).isPresent();
    }

    /**
     * What a rule finds in one fact. An unknown one is worth knowing, and nothing more.
     *
     * @param what the rule wants to know, as in {@code whether fsync is on}
     * @param found of the value, where it is known
     */
    List<Finding> check(String name, String what, Function<String, List<Finding>> found) {
      return switch (fact(name)) {
        case Fact.Known(String value) -> found.apply(value);
        case Fact.Unknown(String reason) -> unknown(what, reason);
      };
    }

    /** One finding about this server. */
    List<Finding> found(Severity severity, String seen) {
      String at = address.isEmpty() ? "" : address + ": ";
      return List.of(new Finding(card, severity, target.name(), at + seen));
    }

    List<Finding> warning(String seen) {
      return found(Severity.WARNING, seen);
    }

    /**
     * A notice that something is unknown.
     *
     * @param what as in {@code whether fsync is on}
     * @param reason the server's own, or the provider
     */
    List<Finding> unknown(String what, String reason) {
      return found(Severity.NOTICE, "%s is unknown: %s".formatted(what, reason));
    }

    private Facts allFacts() {
      return evidence.facts().getOrDefault(target.name(), Facts.NONE);
    }
  }
}
