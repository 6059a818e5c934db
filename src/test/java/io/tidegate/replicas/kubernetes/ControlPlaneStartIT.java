package io.tidegate.replicas.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.program.TidegateProcess;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.Program;
import io.tidegate.servers.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The program beside a real control plane, as a process of this machine: there is no kubelet that would
 * run it as a pod.
 */
@EnabledIfSystemProperty(named = "tidegate.kubernetes", matches = ".+")
class ControlPlaneStartIT extends ControlPlaneSuite {
  private static final int CHANGESETS = 10;
  private static final int ROUNDS = 9;

  /** Far more than it takes: what hangs is found, what is slow is printed. */
  private static final Duration GENEROUS = Duration.ofSeconds(20);

  /**
   * {@code helm test} as far as it goes without a kubelet: its pod is admitted, and its container's
   * arguments run here, with the chart's own configuration, while {@code run} migrates.
   */
  @Test
  void the_chart_s_test_is_admitted_and_ends_well_once_run_has_migrated() throws Exception {
    try (PostgresServer postgres = PostgresServer.started()) {
      postgres.createDatabase("app");
      Path changelog = Files.createDirectory(folder.resolve("changelog"));
      Files.writeString(changelog.resolve("001-notes.sql"), "CREATE TABLE notes (id int);\n");
      Path password = folder.resolve("password");
      Files.writeString(password, PostgresServer.PASSWORD);
      Path values = folder.resolve("values.yaml");
      Files.writeString(
          values,
          """
          {mode: run, config: {replicas: 3, targets: {orders: {
            url: "postgresql://%s@127.0.0.1:%d/app", password-file: %s, changelog: %s}}}}
          """
              .formatted(PostgresServer.USER, postgres.port(), password, changelog));
      String[] arguments = admitted("test", values, "{.spec.containers[0].args[*]}").split(" ", -1);
      Path file = folder.resolve("tidegate.yaml");
      Files.writeString(file, admitted("config", values, "{.data.tidegate\\.yaml}"));
      Map<String, String> environment =
          Map.of("TIDEGATE_CONFIG", file.toString(), "TIDEGATE_HTTP_PORT", "0");
      try (TidegateProcess test = TidegateProcess.start(environment, arguments)) {
        eventually().until(() -> test.output().contains("not yet"));
        try (TidegateProcess gate = TidegateProcess.start(environment, "run")) {
          assertThat(test.exitCode()).as(test.output() + gate.output()).isZero();
        }
      }
    }
  }

  /** Renders a template of the chart, has the server look at it, and gives what is there in it. */
  private String admitted(String template, Path values, String jsonPath) throws IOException {
    Path file = folder.resolve(template + ".yaml");
    String name = "templates/" + template + ".yaml";
    Files.writeString(
        file,
        helm(
            "template",
            "shop",
            "k8s/chart",
            "-f",
            values.toString(),
            "--show-only",
            name,
            "--kube-version",
            "1.37"));
    return cluster.kubectl(
        "apply",
        "-n",
        "chart",
        "--server-side",
        "--dry-run=server",
        "--validate=strict",
        "-f",
        file.toString(),
        "-o",
        "jsonpath=" + jsonPath);
  }

  /** It prints what the docs tell; each start has the image's main flags, and a class cache that such a start made. */
  @Test
  void a_start_in_a_pod_and_outside_is_measured() throws Exception {
    workload("apps/v1", "Deployment", "measured", "replicas: 1, strategy: {type: Recreate},", "");
    Path changelog = Files.createDirectory(folder.resolve("changelog"));
    for (int i = 1; i <= CHANGESETS; i++) {
      Files.writeString(
          changelog.resolve("%03d.sql".formatted(i)), "CREATE TABLE t%d (id int);%n".formatted(i));
    }
    try (PostgresServer postgres = PostgresServer.started()) {
      postgres.createDatabase("app");
      Map<String, String> outside =
          Map.of("DATABASE_URL", postgres.url("app"), "TIDEGATE_CHANGELOG", changelog.toString());
      Map<String, String> inside = new HashMap<>(outside);
      inside.putAll(settings(pod("measured"), TestCertificates.get().ca(), token()).environment());
      Path cache = folder.resolve("init.aot");
      millis(outside, "-XX:TieredStopAtLevel=1");
      millis(inside, "-XX:AOTCacheOutput=" + cache);
      List<Long> pod = new ArrayList<>();
      List<Long> without = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        pod.add(millis(inside, "-XX:AOTCache=" + cache));
        without.add(millis(outside, "-XX:AOTCache=" + cache));
      }
      System.out.printf(
          "init, nothing to do, %d changesets, %d rounds: %d ms in a pod (%d to %d), %d ms outside (%d"
              + " to %d)%n",
          CHANGESETS,
          ROUNDS,
          median(pod),
          pod.getFirst(),
          pod.getLast(),
          median(without),
          without.getFirst(),
          without.getLast());
      assertThat(median(pod)).isLessThan(GENEROUS.toMillis());
    }
    delete("Deployment", "measured");
  }

  /** How long one start takes, which ends well. */
  private static long millis(Map<String, String> environment, String flag) {
    List<String> command =
        Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:aot*=off",
                "-Xlog:cds*=off",
                "-Dtidegate.exit=direct",
                flag,
                "-jar",
                "target/tidegate.jar",
                "init")
            .toList();
    long start = System.nanoTime();
    Program.run(environment, null, command.toArray(String[]::new));
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  /** Sorts them. */
  private static long median(List<Long> times) {
    Collections.sort(times);
    return times.get(times.size() / 2);
  }
}
