package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.policy.rules.EndOfLife.SupportDates;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.RedisServer;
import io.tidegate.target.Facts;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Targets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * On real servers of PostgreSQL, MariaDB and Redis, by dates before and after their table's. No test
 * runs MySQL, Valkey or MongoDB: of these, versions as they spell them.
 */
class EndOfLifeTest extends RuleContract {
  private static final String TODAY = "2026-11-21";

  @Override
  Rule rule() {
    return on(TODAY);
  }

  @Override
  Situation unsafe() {
    return situation("postgresql", "db", "version", "13.22 (Debian 13.22-1.pgdg13+1)");
  }

  @Override
  Situation safe() {
    return situation("postgresql", "db", "version", "18.1");
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql, version, 9.6.24, PostgreSQL 9.6.24 was supported until 2021-11-11",
    "mysql, version, 10.5.29-MariaDB-ubu2004, MariaDB 10.5.29 was supported until 2025-06-24",
    "mariadb, version, 5.5.5-10.4.34-MariaDB-log, MariaDB 10.4.34 was supported until 2024-06-18",
    "mysql, version, 5.7.44-log, MySQL 5.7.44 was supported until 2023-10-31",
    "mysql, version, 8.0.36-28, MySQL 8.0.36 was supported until 2026-04-30",
    "redis, redis_version, 7.0.15, Redis 7.0.15 was supported until 2024-07-29",
    "mongodb, version, 6.0.27, MongoDB 6.0.27 was supported until 2025-07-31"
  })
  void a_version_past_its_end_is_a_warning(
      String scheme, String fact, String version, String evidence) {
    assertThat(evaluate(situation(scheme, "db", fact, version)))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.WARNING);
          assertThat(finding.evidence())
              .startsWith(evidence)
              .contains("by a table of " + SupportDates.AS_OF + "; see https://");
        });
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql, 13.22 (Debian 13.22-0+deb11u1)",
    "postgresql, 13.22 (Ubuntu 13.22-0ubuntu0.20.04.1)",
    "mysql, 10.5.29-MariaDB-0+deb11u1",
    "mysql, 8.0.43-0ubuntu0.22.04.1"
  })
  void a_distribution_may_mend_it_for_longer(String scheme, String version) {
    assertThat(evaluate(situation(scheme, "db", "version", version)))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.NOTICE);
          assertThat(finding.evidence()).contains("how long its distribution mends it is unknown");
        });
  }

  /** The last: what speaks the protocol only, what the table does not know, what is no version. */
  @ParameterizedTest
  @CsvSource({
    "postgresql, version, 17.6",
    "mysql, version, 11.4.5-MariaDB",
    "mysql, version, 8.4.3",
    "redis, redis_version, 8.4.0",
    "valkey, valkey_version, 8.1.4",
    "mongodb, version, 8.0.4",
    "postgresql, version, 19.1",
    "postgresql, version, 13.0.0",
    "postgresql, version, 11.2-YB-2.20.1.0-b0",
    "mysql, version, 8.0.11-TiDB-v7.5.0",
    "redis, redis_version, 255.255.255",
    "mongodb, version, unknown"
  })
  void what_is_supported_or_not_known_is_clean(String scheme, String fact, String version) {
    assertThat(evaluate(situation(scheme, "db", fact, version))).isEmpty();
  }

  /** The table's own days are those on which the same server is checked otherwise. */
  @Test
  void real_servers_are_clean_until_their_last_day_and_told_from_the_next() {
    try (PostgresServer postgres = PostgresServer.started();
        RedisServer redis = RedisServer.started()) {
      assertEnds(
          Targets.at("postgresql", postgres.port(), "postgres")
              .as(PostgresServer.USER, PostgresServer.PASSWORD),
          "2030-11-14",
          "PostgreSQL 18.");
      assertEnds(
          Targets.at("mariadb", SharedMariaDb.server().port(), "").as("root", ""),
          "2029-05-29",
          "MariaDB 11.4.");
      assertEnds(Targets.at("redis", redis.port(), ""), "2024-07-29", "Redis 7.0.");
    }
  }

  private static void assertEnds(Targets targets, String lastDay, String version) {
    Facts facts = Evaluated.facts(targets);
    LocalDate last = LocalDate.parse(lastDay);
    assertThat(Evaluated.told(on(lastDay), targets.target(), facts)).isEmpty();
    Evaluated.assertOne(
        Evaluated.told(on(last.plusDays(1).toString()), targets.target(), facts),
        Severity.WARNING,
        version,
        " was supported until " + lastDay);
  }

  @Test
  void the_last_day_still_counts() {
    var evidence = situation("postgresql", "db", "version", "14.20").evidence();
    assertThat(on("2026-11-12").evaluate(evidence)).isEmpty();
    assertThat(on("2026-11-13").evaluate(evidence)).hasSize(1);
    assertThat(on("2035-01-01").evaluate(safe().evidence())).hasSize(1);
  }

  @Test
  void valkey_is_not_the_redis_that_it_says_it_is_like() {
    assertThat(
            evaluate(
                Situation.single()
                    .with(target("redis", "db"))
                    .facts(
                        Map.of(
                            "redis_version", known("7.0.15"), "valkey_version", known("8.1.4")))))
        .isEmpty();
  }

  @Test
  void dolt_is_not_the_mysql_that_it_says_it_is_like() {
    assertThat(
            evaluate(
                Situation.single()
                    .with(target("mysql", "db"))
                    .facts(Map.of("version", known("8.0.31"), "product", known("Dolt")))))
        .isEmpty();
  }

  @Test
  void a_provider_may_mend_it_for_longer() {
    assertThat(evaluate(situation("postgresql", "a.b.eu-1.rds.amazonaws.com", "version", "12.22")))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.NOTICE);
          assertThat(finding.evidence()).contains("how long Amazon RDS or Aurora mends it");
        });
  }

  @Test
  void primaries_of_one_version_are_told_once() {
    assertThat(
            evaluate(
                Situation.single()
                    .with(target("redis-cluster", "db"))
                    .facts(
                        Map.of(
                            "node.10.0.0.7:6379.redis_version", known("7.0.15"),
                            "node.10.0.0.8:6379.redis_version", known("7.0.15"),
                            "node.10.0.0.9:6379.redis_version", known("8.4.0")))))
        .hasSize(1);
  }

  /** A table that nobody has looked at for two years says too little. */
  @Test
  void the_table_is_dated_and_in_order() {
    for (SupportDates dates :
        List.of(
            SupportDates.POSTGRESQL,
            SupportDates.MARIADB,
            SupportDates.MYSQL,
            SupportDates.REDIS,
            SupportDates.VALKEY,
            SupportDates.MONGODB)) {
      assertThat(dates.page()).hasScheme("https");
      assertThat(dates.rows().lines())
          .isNotEmpty()
          .allSatisfy(row -> {
            String[] cells = row.split(" ", -1);
            LocalDate end = LocalDate.parse(cells[1]);
            assertThat(end).isBetween(LocalDate.of(2015, 1, 1), LocalDate.of(2040, 1, 1));
            assertThat(dates.end(cells[0] + ".99")).contains(end);
          });
    }
    assertThat(SupportDates.AS_OF).isBefore(LocalDate.now(Clock.systemUTC()));
  }

  private List<Finding> evaluate(Situation situation) {
    return rule().evaluate(situation.evidence());
  }

  private static FactRule on(String day) {
    return EndOfLife.at(Clock.fixed(Instant.parse(day + "T12:00:00Z"), ZoneOffset.UTC));
  }

  private static Situation situation(String scheme, String host, String fact, String version) {
    return Situation.single().with(target(scheme, host)).facts(Map.of(fact, known(version)));
  }

  private static io.tidegate.target.Target target(String scheme, String host) {
    return Targets.of(new ServiceUrl(scheme, List.of(new HostPort(host, 7000)), "", Map.of()))
        .target();
  }
}
