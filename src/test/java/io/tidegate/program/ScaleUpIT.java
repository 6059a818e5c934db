package io.tidegate.program;

import static io.tidegate.servers.KubernetesObjects.autoscalers;
import static io.tidegate.servers.KubernetesObjects.controller;
import static io.tidegate.servers.KubernetesObjects.deployment;
import static io.tidegate.servers.KubernetesObjects.pod;
import static io.tidegate.servers.KubernetesObjects.rolling;
import static io.tidegate.servers.KubernetesObjects.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.KubernetesApi;
import io.tidegate.servers.MountedAccount;
import io.tidegate.servers.Ports;
import io.tidegate.servers.RbacManifest;
import io.tidegate.servers.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent in a pod with SQLite, while the Deployment around it changes. */
class ScaleUpIT {
  private static final String POD = "web-5d9f-x7k2p";
  private static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.canary.c2lnbmF0dXJl";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path account;
  @TempDir Path data;
  private KubernetesApi api;
  private final int port = Ports.free();
  private final Endpoints endpoints = new Endpoints(port);

  @BeforeEach
  void start() throws IOException {
    Files.createFile(data.resolve("app.db"));
    api = new KubernetesApi(RbacManifest.rights(), TOKEN);
    new MountedAccount(account, TestCertificates.get().ca(), KubernetesApi.NAMESPACE, TOKEN);
    api.put("pods/" + POD, pod(POD, controller("apps/v1", "ReplicaSet", "web-5d9f")));
    api.put(
        "replicasets/web-5d9f",
        workload(
            "apps/v1",
            "ReplicaSet",
            "web-5d9f",
            controller("apps/v1", "Deployment", "web"),
            "\"replicas\": 1"));
    api.put("horizontalpodautoscalers", autoscalers());
    replicas(1);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void a_scale_up_that_makes_a_running_agent_unsafe_is_told_everywhere_and_stops_nothing() {
    try (TidegateProcess gate = start("run")) {
      eventually().until(() -> endpoints.code("/ready") == 200);
      assertThat(endpoints.body("/status"))
          .contains("spec.replicas 1, RollingUpdate with maxSurge 25%", "\"sqlite-rollout\"");
      assertThat(errors()).isFalse();

      replicas(3);
      eventually().until(this::errors);
      assertThat(endpoints.body("/status"))
          .contains("\"refused\":true", "Deployment web: spec.replicas 3");
      assertThat(endpoints.body("/metrics")).contains("tidegate_replicas{certainty=\"exactly\"} 3");
      assertThat(endpoints.code("/ready")).isEqualTo(200);
      eventually().until(() -> told(gate) == 1); // What it printed may still be on its way.

      assertThat(api.created()).as("what runs was not refused").isEmpty();
      try (TidegateProcess next = start("init")) {
        assertThat(next.exitCode()).as(next.output()).isEqualTo(78);
        assertThat(api.created()).singleElement().asString().contains("sqlite-replicas");
        assertThat(next.output())
            .contains(
                "sqlite-replicas", "3 replicas in Kubernetes (Deployment web: spec.replicas 3");
      }

      replicas(1);
      eventually().until(() -> !errors());
      assertThat(endpoints.body("/status")).contains("\"refused\":false");

      replicas(3);
      eventually().until(() -> told(gate) == 2);
      assertThat(gate.running()).isTrue();

      gate.terminate();
      assertThat(gate.exitCode()).as(gate.output()).isEqualTo(143);
      assertThat(told(gate)).as("once for each time").isEqualTo(2);
      assertThat(gate.output()).contains("the replica count has changed").doesNotContain("canary");
    }
  }

  @Test
  void an_api_server_that_goes_away_while_watching_raises_no_alarm() {
    try (TidegateProcess gate = start("run")) {
      eventually().until(() -> endpoints.code("/ready") == 200);

      api.close();
      eventually().until(() -> endpoints.body("/status").contains("which does not answer now"));

      assertThat(endpoints.body("/status")).contains("\"refused\":false", "\"exactly\"");
      gate.terminate();
      assertThat(gate.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void a_missing_right_refuses_sqlite_and_is_named_and_a_declaration_is_the_way_out() {
    api.revoke("get replicasets.apps");
    try (TidegateProcess gate = start("init")) {
      assertThat(gate.exitCode()).as(gate.output()).isEqualTo(78);
      assertThat(gate.output())
          .contains("`get replicasets.apps` in namespace shop (403)", "TIDEGATE_REPLICAS=1");
    }
    try (TidegateProcess gate = start("init", Map.of("TIDEGATE_REPLICAS", "1"))) {
      assertThat(gate.exitCode()).as(gate.output()).isZero();
    }
  }

  @Test
  void without_the_right_to_list_autoscalers_a_declaration_below_what_was_seen_is_no_way_out() {
    replicas(3);
    api.revoke("list horizontalpodautoscalers.autoscaling");
    try (TidegateProcess gate = start("init")) {
      assertThat(gate.exitCode()).as(gate.output()).isEqualTo(78);
      assertThat(gate.output())
          .contains(
              "the number of replicas is unknown",
              "`list horizontalpodautoscalers.autoscaling` in namespace shop (403)",
              "Deployment web: spec.replicas 3");
    }
    try (TidegateProcess gate = start("init", Map.of("TIDEGATE_REPLICAS", "1"))) {
      assertThat(gate.exitCode()).as(gate.output()).isEqualTo(78);
      assertThat(gate.output()).contains("replicas-understated", "at least 3 replicas");
    }
  }

  private TidegateProcess start(String command) {
    return start(command, Map.of());
  }

  private TidegateProcess start(String command, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
    environment.put("KUBERNETES_SERVICE_PORT", Integer.toString(api.port()));
    environment.put("HOSTNAME", POD);
    environment.put("TIDEGATE_KUBERNETES_SERVICE_ACCOUNT", account.toString());
    environment.put("TIDEGATE_TARGETS_DB_URL", "sqlite:///" + data.resolve("app.db"));
    environment.put("TIDEGATE_WATCH_RECOUNT", "200ms");
    environment.put("TIDEGATE_DEADLINE", "60s");
    environment.put("TIDEGATE_HTTP_PORT", Integer.toString(port));
    environment.putAll(more);
    return TidegateProcess.start(environment, command);
  }

  private void replicas(int count) {
    api.put("deployments/web", deployment("web", count, rolling("\"25%\"")));
  }

  /** Whether the metrics show the error, as an alert would look for it. */
  private boolean errors() {
    return endpoints
        .body("/metrics")
        .contains(
            "tidegate_guard_findings{accepted=\"false\",rule=\"sqlite-replicas\",severity=\"error\"}"
                + " 1");
  }

  /** How often the log says what three replicas do to SQLite. */
  private static long told(TidegateProcess gate) {
    return gate.output()
        .lines()
        .filter(line -> line.contains("sqlite-replicas") && line.contains("spec.replicas 3"))
        .count();
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50));
  }
}
