package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.Program;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Grafana's dashboard and the alerts, asked of a real Prometheus that scrapes a real run: every query of
 * a panel has an answer, and every metric of an alert is there. Prometheus is one of the operating system's packages
 * and not on every machine.
 */
class DashboardIT {
  private static final Path DASHBOARD = Path.of("k8s/grafana/dashboard.json");
  private static final Path ALERTS = Path.of("k8s/monitoring.yaml");
  private static final Pattern METRIC = Pattern.compile("\\btidegate_\\w+");
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;
  private final int gatePort = Ports.free();
  private final int prometheusPort = Ports.free();
  private final Endpoints gate = new Endpoints(gatePort);
  private final Endpoints prometheus = new Endpoints(prometheusPort);

  @Test
  void every_query_of_the_dashboard_and_every_metric_of_the_alerts_is_answered() throws Exception {
    Optional<String> program =
        Optional.ofNullable(System.getProperty("tidegate.prometheus"))
            .or(() -> Program.installed("prometheus"));
    Assumptions.assumeTrue(program.isPresent(), "there is no Prometheus");
    Path changelog = Files.createDirectory(folder.resolve("changelog"));
    Files.writeString(changelog.resolve("001.sql"), "CREATE TABLE t (id int);");
    try (PostgresServer postgres = new PostgresServer()) {
      postgres.start();
      try (TidegateProcess run =
          TidegateProcess.start(
              Map.of(
                  "TIDEGATE_TARGETS_DB_URL",
                  postgres.url("postgres"),
                  "TIDEGATE_TARGETS_DB_CHANGELOG",
                  changelog.toString(),
                  "TIDEGATE_TARGETS_CACHE_URL",
                  "redis://127.0.0.1:" + Ports.free(),
                  "TIDEGATE_TARGETS_CACHE_REQUIRED",
                  "false",
                  "TIDEGATE_REPLICAS",
                  "1",
                  "TIDEGATE_HTTP_PORT",
                  Integer.toString(gatePort),
                  "TIDEGATE_WATCH_INTERVAL",
                  "100ms"),
              "run")) {
        eventually()
            .untilAsserted(() -> assertThat(gate.code("/ready")).as(run.output()).isEqualTo(200));
        Process server = start(program.orElseThrow());
        try {
          for (String query : queries()) {
            eventually().untilAsserted(() -> assertThat(answer(query)).as(query).isNotEmpty());
          }
          for (String metric : alertedMetrics()) {
            assertThat(answer(metric)).as(metric).isNotEmpty();
          }
        } finally {
          server.destroyForcibly().waitFor();
        }
      }
    }
  }

  private Process start(String program) throws Exception {
    Path configuration = folder.resolve("prometheus.yml");
    Files.writeString(
        configuration,
        """
        scrape_configs:
          - job_name: tidegate
            scrape_interval: 1s
            static_configs:
              - targets: ["127.0.0.1:%d"]
        """
            .formatted(gatePort));
    return new ProcessBuilder(
            program,
            "--config.file=" + configuration,
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:" + prometheusPort)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("prometheus.log").toFile())
        .start();
  }

  /** Those of all panels, as Grafana sends them where every copy is chosen. */
  private static List<String> queries() {
    List<String> queries = new ArrayList<>();
    for (JsonNode panel : JSON.readTree(DASHBOARD.toFile()).get("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries.add(
            target
                .get("expr")
                .asString()
                .replace("$instance", ".+")
                .replace("$__rate_interval", "1m"));
      }
    }
    assertThat(queries).hasSizeGreaterThan(20);
    return queries;
  }

  private static List<String> alertedMetrics() throws Exception {
    List<String> metrics =
        Files.readAllLines(ALERTS).stream()
            .filter(line -> line.strip().startsWith("expr:"))
            .flatMap(line -> METRIC.matcher(line).results().map(found -> found.group()))
            .distinct()
            .toList();
    assertThat(metrics).hasSizeGreaterThan(5);
    return metrics;
  }

  private JsonNode answer(String query) {
    if (prometheus.code("/-/ready") != 200) {
      return JSON.createArrayNode();
    }
    String body =
        prometheus.body("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    return JSON.readTree(body).path("data").path("result");
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(200));
  }
}
