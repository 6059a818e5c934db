package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target;
import java.net.URI;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /**
   * Which version of what a server says it is. What only speaks a server's protocol and has versions of
   * its own (CockroachDB, YugabyteDB, ...) is none.
   *
   * @param number its digits and dots: {@code 10.6.12}
   */
  record ServerVersion(Support support, String number) {
    /** {@code 18.1}, {@code 9.6.24}, {@code 14.5 (Debian 14.5-1)}; CockroachDB says 13.0.0. */
    private static final Pattern POSTGRESQL =
        Pattern.compile("(9\\.\\d+\\.\\d+|[1-9]\\d\\.\\d+)( \\(.*\\))?");

    /** {@code 11.4.5-MariaDB-log}, with the 5.5.5- that is put before it for old replicas. */
    private static final Pattern MARIADB =
        Pattern.compile("(?:5\\.5\\.5-)?(\\d+\\.\\d+\\.\\d+)-MariaDB.*");

    /** {@code 8.4.3}, {@code 8.0.36-28} (Percona), {@code 8.0.36-0ubuntu0.22.04.1}. */
    private static final Pattern MYSQL =
        Pattern.compile("(\\d+\\.\\d+\\.\\d+)(-\\d.*|-log|-debug|-google)?");

    private static final Pattern DOTTED = Pattern.compile("(\\d+\\.\\d+(?:\\.\\d+)?).*");

    /** Of a server, or of one of a target's servers. */
    static Optional<ServerVersion> of(Target target, Facts facts) {
      if (TargetKind.isPostgres(target)) {
        return of(Support.POSTGRESQL, POSTGRESQL, facts, "version");
      }
      if (TargetKind.isMySql(target)) {
        return of(Support.MARIADB, MARIADB, facts, "version")
            .or(() -> of(Support.MYSQL, MYSQL, facts, "version"));
      }
      if (TargetKind.isRedis(target)) {
        // Valkey also says which version of Redis it is like.
        return facts.get("valkey_version") instanceof Fact.Known
            ? of(Support.VALKEY, DOTTED, facts, "valkey_version")
            : of(Support.REDIS, DOTTED, facts, "redis_version");
      }
      return TargetKind.isMongo(target)
          ? of(Support.MONGODB, DOTTED, facts, "version")
          : Optional.empty();
    }

    private static Optional<ServerVersion> of(
        Support support, Pattern pattern, Facts facts, String fact) {
      if (facts.get(fact) instanceof Fact.Known(String text)) {
        Matcher matcher = pattern.matcher(text.strip());
        return matcher.matches()
            ? Optional.of(new ServerVersion(support, matcher.group(1)))
            : Optional.empty();
      }
      return Optional.empty();
    }
  }
}
