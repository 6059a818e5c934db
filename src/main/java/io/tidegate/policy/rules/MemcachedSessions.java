package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target.Purpose;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A Memcached that is declared to hold more than a cache. Of a purpose that nobody declared nothing is
 * said: a Memcached is a cache then.
 */
final class MemcachedSessions implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "memcached-sessions",
          Severity.WARNING,
          "Sessions, jobs or counters are kept in Memcached",
          "When Memcached restarts, or its memory is full, they are gone for all replicas at once and"
              + " without an error",
          "Keep them in a Redis with appendonly yes or in the database, or declare"
              + " TIDEGATE_TARGETS_<NAME>_PURPOSE=cache if losing all of them is harmless",
          URI.create("https://docs.memcached.org/userguide/usecases/"));

  private static final Set<Purpose> KEPT =
      EnumSet.of(Purpose.SESSION, Purpose.QUEUE, Purpose.RATE_LIMIT);

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return evidence.targets().stream()
        .filter(TargetKind::isMemcached)
        .filter(target -> KEPT.contains(target.purpose()))
        .map(target ->
            new Finding(
                CARD,
                evidence.scaled() ? Severity.WARNING : Severity.NOTICE,
                target.name(),
                "its purpose is %s; %s%s"
                    .formatted(
                        target.purpose().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        evidence.replicasInWords(),
                        evictions(evidence.facts().getOrDefault(target.name(), Facts.NONE)))))
        .toList();
  }

  private static String evictions(Facts facts) {
    return facts.get("evictions") instanceof Fact.Known(String items) && !items.equals("0")
        ? "; since its start it has removed %s items before their time".formatted(items)
        : "";
  }
}
