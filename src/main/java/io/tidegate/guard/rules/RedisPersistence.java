package io.tidegate.guard.rules;

import io.tidegate.engine.Fact;
import io.tidegate.engine.Facts;
import io.tidegate.engine.Purpose;
import io.tidegate.engine.Target;
import io.tidegate.guard.Evidence;
import io.tidegate.guard.Finding;
import io.tidegate.guard.Rule;
import io.tidegate.guard.RuleCard;
import io.tidegate.guard.Severity;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A Redis that keeps nothing, while what is in it is not just a cache. */
@Singleton
final class RedisPersistence implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "redis-persistence",
          "A Redis that is no cache keeps nothing over a restart while more than one replica runs",
          "When Redis restarts, every session, job, counter and lock in it is gone for all replicas at"
              + " once, and a primary that comes back empty wipes its own replicas",
          "Set appendonly yes on a persistent volume (or at least save points), or declare"
              + " TIDEGATE_TARGETS_<NAME>_PURPOSE=cache if losing all of it is harmless",
          URI.create("https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> judge(Evidence evidence) {
    return evidence.targets().stream()
        .filter(target -> TargetKind.isRedis(target) && target.purpose() != Purpose.CACHE)
        .flatMap(target ->
            Optional.ofNullable(evidence.facts().get(target.name())).stream()
                .flatMap(facts -> findings(target, facts, evidence)))
        .toList();
  }

  private static Stream<Finding> findings(Target target, Facts facts, Evidence evidence) {
    Optional<ManagedService> managed = ManagedService.of(target, facts);
    if (managed.isPresent()) {
      return managed.get().durable()
          ? Stream.empty()
          : Stream.of(
              finding(
                  target,
                  Severity.NOTICE,
                  "whether it keeps its data is unknown: it is %s, where that is set with the provider"
                      .formatted(managed.get().name())));
    }
    return facts.nodes().entrySet().stream()
        .flatMap(node -> finding(target, node, evidence).stream());
  }

  private static Optional<Finding> finding(
      Target target, Map.Entry<String, Facts> node, Evidence evidence) {
    String at = node.getKey().isEmpty() ? "" : node.getKey() + ": ";
    return switch (Kept.of(node.getValue())) {
      case Kept.Something() -> Optional.empty();
      case Kept.Nothing(String seen) ->
          Optional.of(
              finding(
                  target,
                  evidence.scaled() ? Severity.ERROR : Severity.WARNING,
                  "%s%s; its purpose is %s; %s"
                      .formatted(at, seen, purpose(target), evidence.replicasInWords())));
      case Kept.Unknown(String reason) ->
          Optional.of(
              finding(
                  target,
                  Severity.NOTICE,
                  "%swhether it keeps its data is unknown: %s".formatted(at, reason)));
    };
  }

  private static Finding finding(Target target, Severity severity, String evidence) {
    return new Finding(CARD, severity, target.name(), evidence);
  }

  private static String purpose(Target target) {
    return target.purpose().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What a server keeps over a restart. */
  private sealed interface Kept {
    record Something() implements Kept {}

    record Nothing(String seen) implements Kept {}

    record Unknown(String reason) implements Kept {}

    /** An unknown setting is not one that is off: only two settings that are known to be off are. */
    static Kept of(Facts facts) {
      Fact appendonly = facts.get("appendonly");
      Fact enabled = facts.get("aof_enabled");
      Fact save = facts.get("save");
      if (is(appendonly, "yes") || is(enabled, "1")) {
        return new Something();
      }
      return switch (save) {
        case Fact.Unknown(String reason) -> new Unknown("CONFIG GET save gave nothing: " + reason);
        case Fact.Known(String points) when !points.isBlank() -> new Something();
        case Fact.Known(String none) when is(appendonly, "no") ->
            new Nothing("appendonly is no and save is empty");
        case Fact.Known(String none) when is(enabled, "0") ->
            new Nothing("aof_enabled is 0 and save is empty");
        case Fact.Known(String none) ->
            new Unknown("save is empty, and it does not tell whether appendonly is on");
      };
    }

    private static boolean is(Fact fact, String value) {
      return fact instanceof Fact.Known(String known) && known.strip().equals(value);
    }
  }
}
