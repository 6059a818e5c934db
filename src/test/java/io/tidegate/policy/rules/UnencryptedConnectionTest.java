package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Targets;
import io.tidegate.target.TlsPolicy.TlsSettings.Mode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnencryptedConnectionTest extends RuleContract {
  private final EvidenceRule rule = UnencryptedConnection.RULE;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return situation(url("redis", "cache.example", ""));
  }

  @Override
  Situation safe() {
    return situation(url("rediss", "cache.example", ""));
  }

  @Test
  void url_for_migrating_counts_as_well() {
    ServiceUrl direct = url("postgresql", "db.example", "sslmode=disable").target().url();
    Situation situation =
        Situation.single()
            .with(
                url("postgresql", "pooler.example", "sslmode=verify-full")
                    .migratedAt("MIGRATION_URL", direct, false)
                    .target());
    assertThat(rule.evaluate(situation.evidence()))
        .singleElement()
        .extracting(Finding::evidence)
        .asString()
        .contains("db.example", "`MIGRATION_URL`");
  }

  @ParameterizedTest
  @CsvSource({
    "valkey, ''",
    "redis-cluster, ''",
    "redis-sentinel, ''",
    "mysql, ''",
    "mariadb, ''",
    "mysql, useSSL=false",
    "mysql, ssl-mode=DISABLED",
    "mariadb, sslMode=disable",
    "postgresql, sslmode=disable",
    "postgresql, ssl=false",
    "mongodb, ''",
    "mongodb, tls=false",
    "postgresql, SSLMODE=disable",
    "mysql, USESSL=0",
    "mongodb, TLS=no",
    "mongodb+srv, tls=false"
  })
  void no_tls_is_a_warning_before_anything_was_asked(String scheme, String parameter) {
    assertThat(evaluate(url(scheme, "db.example", parameter)))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.WARNING);
          assertThat(finding.evidence()).startsWith("there is no TLS to db.example:7000: ");
        });
  }

  @ParameterizedTest
  @CsvSource({
    "valkeys, ''",
    "rediss-sentinel, ''",
    "rediss-cluster, ''",
    "mysql, sslMode=VERIFY_IDENTITY",
    "mysql, useSSL=true",
    "mysql, ssl_mode=required",
    "postgresql, sslmode=require",
    "postgres, sslmode=verify-full",
    "postgresql, ssl=true",
    "mongodb, tls=true",
    "mongodb, ssl=true",
    "mongodb, tls=1",
    "postgresql, SSLMODE=require",
    "postgresql, sslmode=no-verify",
    "mysql, ssl-mode=verify-identity",
    "mysql, requireSSL=true",
    "redis, ssl=true",
    "mongodb+srv, ''"
  })
  void tls_in_the_spelling_of_any_driver_is_none(String scheme, String parameter) {
    assertThat(evaluate(url(scheme, "db.example", parameter))).isEmpty();
  }

  /** libpq's prefer: with TLS where the server offers it. */
  @ParameterizedTest
  @ValueSource(strings = {"", "sslmode=prefer", "sslmode=allow"})
  void what_postgresql_leaves_to_the_server_the_server_tells(String parameter) {
    Targets targets = url("postgresql", "db.example", parameter);
    assertThat(evaluate(targets)).isEmpty();
    assertThat(rule.evaluate(situation(targets).facts(Map.of("ssl", known("on"))).evidence()))
        .isEmpty();
    assertThat(rule.evaluate(situation(targets).facts(Map.of("ssl", known("off"))).evidence()))
        .extracting(Finding::evidence)
        .containsExactly(
            "there is no TLS to db.example:7000: the server offers none, and its URL does not insist"
                + " on it (`TIDEGATE_TARGETS_APP_URL`)");
  }

  @Test
  void what_mysql_leaves_to_the_server_the_server_tells() {
    Targets targets = url("mysql", "db.example", "sslMode=PREFERRED");
    assertThat(evaluate(targets)).isEmpty();
    assertThat(rule.evaluate(situation(targets).facts(Map.of("have_ssl", known("YES"))).evidence()))
        .isEmpty();
    assertThat(
            rule.evaluate(
                situation(targets).facts(Map.of("have_ssl", known("DISABLED"))).evidence()))
        .hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"REQUIRE", "VERIFY_CA", "VERIFY_FULL"})
  void a_declared_mode_outweighs_the_url(Mode mode) {
    assertThat(evaluate(url("redis", "cache.example", "").tls(mode, null))).isEmpty();
    assertThat(evaluate(url("rediss", "cache.example", "").tls(Mode.DISABLE, null))).hasSize(1);
  }

  @Test
  void a_ca_file_asks_for_tls_as_far_as_the_driver_takes_it_so() {
    assertThat(evaluate(url("mysql", "db.example", "").tls(Mode.URL, Path.of("ca.pem")))).isEmpty();
    assertThat(evaluate(url("postgresql", "db.example", "").tls(Mode.URL, Path.of("ca.pem"))))
        .isEmpty();
    assertThat(evaluate(url("redis", "db.example", "").tls(Mode.URL, Path.of("ca.pem"))))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "127.0.0.1", "127.0.1.1", "::1", "db.localhost", "0:0:0:0:0:0:0:1"})
  void on_this_host_there_is_nobody_between(String host) {
    assertThat(evaluate(url("redis", host, ""))).isEmpty();
  }

  @Test
  void the_hosts_own_name_is_this_host() {
    Targets targets = url("redis", "web-0", "");
    assertThat(rule.evaluate(situation(targets).with("HOSTNAME", "web-0").evidence())).isEmpty();
    assertThat(rule.evaluate(situation(targets).with("HOSTNAME", "web-1").evidence())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.7", "127.example", "fd00::7", "redis", "db.svc.cluster.local"})
  void a_private_network_is_another_host(String host) {
    assertThat(evaluate(url("redis", host, ""))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0f3c9d1e2b4a, db, '', NOTICE",
    "0f3c9d1e2b4a, my_app-db_1, '', NOTICE",
    "0f3c9d1e2b4a, db.example, '', WARNING",
    "0f3c9d1e2b4a, 10.0.0.7, '', WARNING",
    "0f3c9d1e2b4a, fd00::7, '', WARNING",
    "0f3c9d1e2b4a, 2130706433, '', WARNING",
    "'', db, '', WARNING",
    "web-5d9f-x7k2p, db, '', WARNING",
    "0f3c9d1e2b4a, db, 10.96.0.1, WARNING"
  })
  void a_service_beside_this_container_is_a_notice_with_the_reason(
      String hostname, String host, String kubernetes, Severity severity) {
    Situation situation = situation(url("postgresql", host, "sslmode=disable"));
    situation = hostname.isEmpty() ? situation : situation.with("HOSTNAME", hostname);
    situation = kubernetes.isEmpty() ? situation : situation.inKubernetes();
    assertThat(rule.evaluate(situation.evidence()))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(severity);
          assertThat(finding.evidence().contains("on a Docker network with this container"))
              .isEqualTo(severity == Severity.NOTICE);
        });
  }

  @Test
  void one_host_that_is_further_away_is_enough_for_a_warning() {
    ServiceUrl url =
        new ServiceUrl(
            "redis-cluster",
            List.of(new HostPort("cache", 7000), new HostPort("cache.example", 7001)),
            "",
            Map.of());
    Situation situation = situation(Targets.of(url)).with("HOSTNAME", "0f3c9d1e2b4a");
    assertThat(rule.evaluate(situation.evidence()))
        .extracting(Finding::severity)
        .containsExactly(Severity.WARNING);
  }

  @Test
  void only_the_hosts_elsewhere_are_told() {
    ServiceUrl url =
        new ServiceUrl(
            "redis-cluster",
            List.of(new HostPort("localhost", 7000), new HostPort("fd00::7", 7001)),
            "",
            Map.of());
    assertThat(evaluate(Targets.of(url)).getFirst().evidence())
        .contains("no TLS to [fd00::7]:7001:");
  }

  @Test
  void a_file_has_no_connection() {
    assertThat(
            rule.evaluate(
                Situation.single().with(Situation.sqlite("DATABASE_URL", "app.db")).evidence()))
        .isEmpty();
  }

  private static Targets url(String scheme, String host, String parameter) {
    Map<String, String> parameters =
        parameter.isEmpty()
            ? Map.of()
            : Map.of(
                parameter.substring(0, parameter.indexOf('=')),
                parameter.substring(parameter.indexOf('=') + 1));
    return Targets.of(
        new ServiceUrl(scheme, List.of(new HostPort(host, 7000)), "orders", parameters));
  }

  private static Situation situation(Targets targets) {
    return Situation.single().with(targets.target());
  }

  private List<Finding> evaluate(Targets targets) {
    return rule.evaluate(situation(targets).evidence());
  }
}
