package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Purpose;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A target that was asked, and what it told.
 *
 * @param target as declared
 * @param facts of the live server
 */
record LiveTarget(Target target, Facts facts) {

  /** Those of a kind that were asked; none before waiting. */
  static Stream<LiveTarget> of(Evidence evidence, Predicate<Target> kind) {
    return evidence.targets().stream()
        .filter(kind)
        .flatMap(target ->
            Optional.ofNullable(evidence.facts().get(target.name()))
                .map(facts -> new LiveTarget(target, facts))
                .stream());
  }

  /** The same, without those whose data may be lost. */
  static Stream<LiveTarget> kept(Evidence evidence, Predicate<Target> kind) {
    return of(evidence, kind).filter(live -> live.target().purpose() != Purpose.CACHE);
  }

  Fact fact(String name) {
    return facts.get(name);
  }

  /** Whether the fact is known to be that. */
  boolean reports(String name, String value) {
    return fact(name) instanceof Fact.Known(String known) && known.strip().equalsIgnoreCase(value);
  }

  /**
   * What a rule finds in a fact. What cannot be told is worth knowing, and nothing more.
   *
   * @param what the rule wants to know, as in {@code whether fsync is on}
   * @param found of the value, where it is known
   */
  Optional<Finding> evaluate(
      String name, RuleCard card, String what, Function<String, Optional<Finding>> found) {
    return switch (fact(name)) {
      case Fact.Known(String value) -> found.apply(value);
      case Fact.Unknown(String reason) -> Optional.of(unknown(card, what, reason));
      default -> Optional.empty();
    };
  }

  Optional<ManagedService> managed() {
    return ManagedService.of(target, facts);
  }

  Finding finding(RuleCard card, Severity severity, String evidence) {
    return new Finding(card, severity, target.name(), evidence);
  }

  /**
   * What cannot be told is worth knowing, and nothing more.
   *
   * @param what as in {@code whether fsync is on}
   * @param reason the server's own, or the provider
   */
  Finding unknown(RuleCard card, String what, String reason) {
    return finding(card, Severity.NOTICE, "%s is unknown: %s".formatted(what, reason));
  }
}
