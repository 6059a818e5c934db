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
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules over Memcached. */
final class MemcachedRules {
  /** Of a purpose that nobody declared nothing is said: a Memcached is a cache then. */
  private static final Set<Purpose> KEPT =
      EnumSet.of(Purpose.SESSION, Purpose.QUEUE, Purpose.RATE_LIMIT);

  private static final Pattern COUNT = Pattern.compile("[0-9]{1,18}");

  /** It is declared to hold more than a cache. */
  static final EvidenceRule SESSIONS =
      new EvidenceRule(
          new RuleCard(
              "memcached-sessions",
              Severity.WARNING,
              "Sessions, jobs or counters are kept in Memcached",
              "When Memcached restarts, or its memory is full, they are gone for all replicas at once"
                  + " and without an error",
              "Keep them in a Redis with appendonly yes or in the database, or declare"
                  + " TIDEGATE_TARGETS_<NAME>_PURPOSE=cache if losing all of them is harmless",
              URI.create("https://docs.memcached.org/userguide/usecases/")),
          MemcachedRules::sessions);

  static final List<Rule> ALL = List.of(SESSIONS);

  private MemcachedRules() {}

  private static List<Finding> sessions(Evidence evidence) {
    return evidence.targets().stream()
        .filter(target -> TargetKind.of(target) == TargetKind.MEMCACHED)
        .filter(target -> KEPT.contains(target.purpose()))
        .map(target -> finding(target, evidence))
        .toList();
  }

  private static Finding finding(Target target, Evidence evidence) {
    Facts facts = evidence.facts().getOrDefault(target.name(), Facts.NONE);
    return new Finding(
        SESSIONS.card(),
        evidence.scaled() ? Severity.WARNING : Severity.NOTICE,
        target.name(),
        "its purpose is %s; %s%s"
            .formatted(target.purpose().id(), evidence.describeReplicas(), evictions(facts)));
  }

  /** Of all its servers together. */
  private static String evictions(Facts facts) {
    long items =
        facts.nodes().values().stream()
            .map(node -> node.get("evictions"))
            .mapToLong(fact ->
                fact instanceof Fact.Known(String value) && COUNT.matcher(value).matches()
                    ? Long.parseLong(value)
                    : 0)
            .sum();
    return items == 0
        ? ""
        : "; since its start it has removed %d items before their time".formatted(items);
  }
}
