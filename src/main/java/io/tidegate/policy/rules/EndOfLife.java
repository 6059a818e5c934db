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

  /** A provider or a distribution may mend a version for longer than its makers. */
  private static List<Finding> outdated(LiveServer target, ServerVersion version, LocalDate end) {
    Optional<String> other =
        target
            .managed()
            .map(ManagedService::name)
            .or(() -> version.packaged() ? Optional.of("its distribution") : Optional.empty());
    return target.found(
        other.isPresent() ? Severity.NOTICE : Severity.WARNING,
        "%s %s was supported until %s%s, by a table of %s; see %s"
            .formatted(
                version.dates().product(),
                version.number(),
                end,
                other.map(name -> " (how long %s mends it is unknown)".formatted(name)).orElse(""),
                SupportDates.AS_OF,
                version.dates().page()));
  }

  /**
   * Which version of what a server reports to be. What only speaks a server's protocol and has versions of
   * its own (CockroachDB, YugabyteDB, Dolt, ...) is none.
   *
   * @param number its digits and dots: {@code 10.6.12}
   * @param packaged whether it is a package of Debian or Ubuntu, as far as it says so
   */
  record ServerVersion(SupportDates dates, String number, boolean packaged) {
    /** {@code 15.14-0+deb12u1}, {@code 8.0.43-0ubuntu0.22.04.1}; packages of the makers have pgdg, ubu2004. */
    private static final Pattern OF_DISTRIBUTION = Pattern.compile("\\+deb\\d+u\\d+|\\dubuntu\\d");

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
                .or(() -> of(SupportDates.MYSQL, MYSQL, server, "version"))
                .filter(version -> version.mayBeOf(server));
        // Valkey also reports which version of Redis it is like.
        case REDIS ->
            server.fact("valkey_version") instanceof Fact.Known
                ? of(SupportDates.VALKEY, DOTTED, server, "valkey_version")
                : of(SupportDates.REDIS, DOTTED, server, "redis_version");
        case MONGO -> of(SupportDates.MONGODB, DOTTED, server, "version");
        case SQLITE, MEMCACHED, OTHER -> Optional.empty();
      };
    }

    /** Whether the server is not known to be another product, such as Dolt, which reports a MySQL. */
    private boolean mayBeOf(LiveServer server) {
      return server.known("product").filter(product -> !product.equals(dates.product())).isEmpty();
    }

    private static Optional<ServerVersion> of(
        SupportDates dates, Pattern pattern, LiveServer server, String fact) {
      return server
          .known(fact)
          .map(pattern::matcher)
          .filter(Matcher::matches)
          .map(matcher ->
              new ServerVersion(
                  dates, matcher.group(1), OF_DISTRIBUTION.matcher(matcher.group()).find()));
    }
  }

  /**
   * End-of-support dates by version, as of {@link #AS_OF}. MongoDB's rows were compared with its makers'
   * page, the others with lists that quote their makers. A version that is not listed is not checked, so
   * that a version from after that day is no finding.
   *
   * @param page where the makers publish the dates
   * @param rows a version, as far as it has dates of its own, and its last day, one a line
   */
  record SupportDates(String product, URI page, String rows) {
    /** The day of which this table is. */
    static final LocalDate AS_OF = LocalDate.of(2026, 5, 31);

    /** Major versions; those before 10 had two parts. */
    static final SupportDates POSTGRESQL =
        new SupportDates(
            "PostgreSQL",
            URI.create("https://www.postgresql.org/support/versioning/"),
            """
            9.4 2020-02-13
            9.5 2021-02-11
            9.6 2021-11-11
            10 2022-11-10
            11 2023-11-09
            12 2024-11-21
            13 2025-11-13
            14 2026-11-12
            15 2027-11-11
            16 2028-11-09
            17 2029-11-08
            18 2030-11-14
            """);

    /** Community support. */
    static final SupportDates MARIADB =
        new SupportDates(
            "MariaDB",
            URI.create("https://mariadb.org/about/#maintenance-policy"),
            """
            5.5 2020-04-11
            10.0 2019-03-31
            10.1 2020-10-17
            10.2 2022-05-23
            10.3 2023-05-25
            10.4 2024-06-18
            10.5 2025-06-24
            10.6 2026-07-06
            10.7 2023-02-09
            10.8 2023-05-20
            10.9 2023-08-22
            10.10 2023-11-17
            10.11 2028-02-16
            11.0 2024-06-06
            11.1 2024-08-21
            11.2 2024-11-21
            11.3 2024-05-29
            11.4 2029-05-29
            11.5 2024-11-21
            11.6 2025-02-13
            11.7 2025-05-12
            11.8 2028-06-04
            12.0 2025-11-18
            12.1 2026-02-13
            12.2 2026-05-13
            12.3 2029-06-30
            """);

    /** Extended support; an Innovation release ends with the next. */
    static final SupportDates MYSQL =
        new SupportDates(
            "MySQL",
            URI.create(
                "https://www.oracle.com/us/support/library/lifetime-support-technology-069183.pdf"),
            """
            5.5 2018-12-31
            5.6 2021-02-28
            5.7 2023-10-31
            8.0 2026-04-30
            8.1 2023-10-25
            8.2 2023-12-14
            8.3 2024-04-30
            8.4 2032-04-30
            9.0 2024-10-15
            9.1 2025-01-21
            9.2 2025-04-15
            9.3 2025-07-22
            9.4 2025-10-21
            9.5 2026-01-20
            9.6 2026-04-21
            9.7 2034-04-21
            """);

    /** Its makers name versions rather than dates: only those that they no longer name are listed. */
    static final SupportDates REDIS =
        new SupportDates(
            "Redis",
            URI.create("https://github.com/redis/redis/security"),
            """
            4.0 2020-04-30
            5.0 2022-04-27
            6.0 2022-05-31
            7.0 2024-07-29
            8.0 2026-02-11
            """);

    /** Extended security support. */
    static final SupportDates VALKEY =
        new SupportDates(
            "Valkey",
            URI.create("https://valkey.io/topics/releases/"),
            """
            7.2 2029-04-16
            8.0 2027-09-15
            8.1 2030-03-31
            9.0 2028-10-21
            """);

    /** Major releases, and the quarterly ones that were supported until the next. */
    static final SupportDates MONGODB =
        new SupportDates(
            "MongoDB",
            URI.create("https://www.mongodb.com/legal/support-policy/lifecycles"),
            """
            3.4 2020-01-31
            3.6 2021-04-30
            4.0 2022-04-30
            4.2 2023-04-30
            4.4 2024-02-29
            5.0 2024-10-31
            6.0 2025-07-31
            6.1 2023-02-09
            6.2 2023-04-24
            6.3 2023-08-31
            7.0 2027-08-31
            7.1 2024-01-23
            7.2 2024-03-27
            7.3 2024-10-02
            8.0 2029-10-31
            8.1 2025-09-30
            8.2 2026-07-31
            """);

    /** The last day of a version's support: of {@code 10.6.12}, that of 10.6. Empty: not listed. */
    Optional<LocalDate> end(String version) {
      return rows.lines()
          .map(row -> row.split(" ", -1))
          .filter(row -> version.equals(row[0]) || version.startsWith(row[0] + "."))
          .map(row -> LocalDate.parse(row[1]))
          .findFirst();
    }
  }
}
