package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts;
import io.tidegate.target.Target;
import java.net.URI;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A server of a version that its makers no longer mend, by the table in {@link Support}. */
final class EndOfLife implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "end-of-life",
          Severity.WARNING,
          "A server's version is past its end of life",
          "Holes and faults that are found from then on stay open in it, those that corrupt data"
              + " included",
          "Upgrade to a version that its makers still support, after a backup and a trial on a copy",
          URI.create("https://www.postgresql.org/support/versioning/"));

  private final Clock clock;

  EndOfLife() {
    this(Clock.systemUTC());
  }

  EndOfLife(Clock clock) {
    this.clock = clock;
  }

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    LocalDate today = LocalDate.now(clock);
    return evidence.targets().stream()
        .flatMap(target ->
            findings(target, evidence.facts().getOrDefault(target.name(), Facts.NONE), today))
        .toList();
  }

  /** Servers of one version are told of once. */
  private static Stream<Finding> findings(Target target, Facts facts, LocalDate today) {
    return facts.nodes().values().stream()
        .flatMap(node -> ServerVersion.of(target, node).stream())
        .flatMap(version ->
            version.support().end(version.number()).filter(today::isAfter).stream()
                .map(end -> finding(target, version, end, ManagedService.of(target, facts))))
        .distinct();
  }

  /** A provider may mend a version for longer than its makers. */
  private static Finding finding(
      Target target, ServerVersion version, LocalDate end, Optional<ManagedService> managed) {
    return new Finding(
        CARD,
        managed.isPresent() ? Severity.NOTICE : Severity.WARNING,
        target.name(),
        "%s %s was supported until %s%s, by a table of %s; see %s"
            .formatted(
                version.support().product(),
                version.number(),
                end,
                managed
                    .map(service -> " (how long %s mends it is unknown)".formatted(service.name()))
                    .orElse(""),
                Support.AS_OF,
                version.support().page()));
  }
}
