package io.tidegate.web.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.agent.AgentState;
import io.tidegate.web.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class MetricsControllerTest {
  private final String scraped =
      new MetricsController(Told.watching()).metrics().getBody().orElseThrow();

  @Test
  void values_areTheSnapshots() {
    assertThat(scraped.lines())
        .contains(
            "tidegate_build_info{version=\"dev\"} 1",
            "tidegate_ready 1.0",
            "tidegate_state{state=\"watching\"} 1.0",
            "tidegate_state{state=\"awaiting\"} 0.0",
            "tidegate_heartbeat_age_seconds 0.12",
            "tidegate_target_ready{engine=\"postgresql\",required=\"true\",target=\"orders\"} 1.0",
            "tidegate_target_ready{engine=\"redis\",required=\"false\",target=\"cache\"} 0.0",
            "tidegate_target_last_probe_seconds{target=\"orders\"} 0.004",
            "tidegate_target_failures_in_a_row{target=\"cache\"} 12.0",
            "tidegate_target_probe_failures_total{reason=\"starting\",target=\"orders\"} 7.0",
            "tidegate_migration_phase{phase=\"done\",target=\"orders\"} 1.0",
            "tidegate_migration_applied_changesets{target=\"orders\"} 2.0",
            "tidegate_migration_seconds{target=\"orders\"} 1.5",
            "tidegate_migration_lock_wait_seconds{target=\"orders\"} 0.25",
            "tidegate_migration_retries{target=\"orders\"} 1.0",
            "tidegate_replicas{certainty=\"exactly\"} 3.0",
            "tidegate_guard_findings{accepted=\"false\",rule=\"inline-credentials\",severity=\"warning\"}"
                + " 1.0");
  }

  @Test
  void states_areAll() {
    assertThat(SnapshotCollector.STATES)
        .hasSameSizeAs(AgentState.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(
            new AgentState.EvaluatingSettings().id(),
            new AgentState.Awaiting().id(),
            new AgentState.EvaluatingServers().id(),
            new AgentState.Migrating("orders").id(),
            new AgentState.Watching().id(),
            new AgentState.Stopping().id(),
            new AgentState.Failed(List.of()).id());
  }

  @Test
  void documentation_hasExactlyTheMetrics() throws IOException {
    List<String> documented =
        Pattern.compile("^\\| `([a-z_]+)` \\| (gauge|counter) \\|", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("docs/metrics.md")))
            .results()
            .map(found -> found.group(1) + " " + found.group(2))
            .toList();
    List<String> exposed =
        scraped
            .lines()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.substring("# TYPE ".length()))
            .toList();
    assertThat(exposed).containsExactlyInAnyOrderElementsOf(documented);
  }

  @Test
  void numberOfSeries_staysSmall() {
    assertThat(scraped.lines().filter(line -> !line.startsWith("#"))).hasSizeLessThan(100);
  }
}
