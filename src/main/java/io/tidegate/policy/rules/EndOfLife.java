package io.tidegate.policy.rules;

import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.policy.rules.FactRule.LiveServer;
import io.tidegate.target.Facts.Fact;
import java.net.URI;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of a version that its makers no longer mend, by {@link SupportDates}. */
final class EndOfLife {
  private static final RuleCard CARD =
      new RuleCard(
          "end-of-life",
          Severity.WARNING,
          "A server's version is past its end of life",
          "Holes and faults that are found from then on stay open in it, those that corrupt data"
              + " included",
          "Upgrade to a version that its makers still support, after a backup and a trial on a copy",
          URI.create("https://www.postgresql.org/support/versioning/"));

  static final FactRule RULE = at(Clock.systemUTC());

  private EndOfLife() {}

  static FactRule at(Clock clock) {
    return FactRule.onAll(CARD, server -> findings(server, LocalDate.now(clock)));
  }

  /** Servers of one version are reported once, whatever their addresses. */
  private static List<Finding> findings(LiveServer server, LocalDate today) {
    return ServerVersion.of(server)
        .flatMap(version ->
            version
                .dates()
                .end(version.number())
                .filter(today::isAfter)
                .map(end -> outdated(server.whole(), version, end)))
        .orElse(List.of());
  }

  /** A provider may mend a version for longer than its makers. */
  private static List<Finding> outdated(LiveServer target, ServerVersion version, LocalDate end) {
    Optional<ManagedService> managed = target.managed();
    return target.found(
        managed.isPresent() ? Severity.NOTICE : Severity.WARNING,
        "%s %s was supported until %s%s, by a table of %s; see %s"
            .formatted(
                version.dates().product(),
                version.number(),
                end,
                managed
                    .map(service -> " (how long %s mends it is unknown)".formatted(service.name()))
                    .orElse(""),
                SupportDates.AS_OF,
                version.dates().page()));
  }

  /**
   * Which version of what a server reports to be. What only speaks a server's protocol and has versions of
   * its own (CockroachDB, YugabyteDB, ...) is none.
   *
   * @param number its digits and dots: {@code 10.6.12}
   */
  record ServerVersion(SupportDates dates, String number) {
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

    static Optional<ServerVersion> of(LiveServer server) {
      return switch (server.kind()) {
        case POSTGRES -> of(SupportDates.POSTGRESQL, POSTGRESQL, server, "version");
        case MYSQL ->
            of(SupportDates.MARIADB, MARIADB, server, "version")
                .or(() -> of(SupportDates.MYSQL, MYSQL, server, "version"));
        // Valkey also reports which version of Redis it is like.
        case REDIS ->
            server.fact("valkey_version") instanceof Fact.Known
                ? of(SupportDates.VALKEY, DOTTED, server, "valkey_version")
                : of(SupportDates.REDIS, DOTTED, server, "redis_version");
        case MONGO -> of(SupportDates.MONGODB, DOTTED, server, "version");
        case SQLITE, OTHER -> Optional.empty();
      };
    }

    private static Optional<ServerVersion> of(
        SupportDates dates, Pattern pattern, LiveServer server, String fact) {
      return server
          .known(fact)
          .map(pattern::matcher)
          .filter(Matcher::matches)
          .map(matcher -> new ServerVersion(dates, matcher.group(1)));
    }
  }
}
