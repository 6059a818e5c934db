package io.tidegate.replicas.kubernetes;

import static io.tidegate.servers.KubernetesObjects.NO_OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a refusal leaves in the cluster, and that it costs next to nothing where it cannot. */
class RefusalEventsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-29T10:00:00.123Z"), ZoneOffset.UTC);

  /** A slow machine is no reason to fail; a bound that is missing is endless. */
  private static final Duration BOUNDED = Duration.ofMinutes(1);

  @TempDir Path folder;
  private Cluster cluster;

  @BeforeEach
  void start() {
    cluster = new Cluster(folder);
    cluster.pod(NO_OWNER);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void a_refusal_is_an_event_of_the_pod_itself() throws Exception {
    refuse("DATABASE_URL: refused by the rule \"sqlite-replicas\".\nDo not.");

    ApiObject event = event();
    assertThat(event.at("involvedObject").text("name")).isEqualTo(Cluster.POD);
    assertThat(event.at("involvedObject").text("uid"))
        .isEqualTo("0b4c5d6e-7f80-4a1b-8c2d-3e4f5a6b7c8d");
    assertThat(event.text("type")).isEqualTo("Warning");
    assertThat(event.text("reason")).isEqualTo("StartRefused");
    assertThat(event.text("message"))
        .isEqualTo("DATABASE_URL: refused by the rule \"sqlite-replicas\".\nDo not.");
    assertThat(event.text("lastTimestamp")).isEqualTo("2026-11-29T10:00:00Z");
    assertThat(cluster.api().requests())
        .containsExactly(
            "GET /api/v1/namespaces/shop/pods/web-5d9f-x7k2p",
            "POST /api/v1/namespaces/shop/events");
  }

  @Test
  void the_text_is_short_and_holds_no_secret() throws Exception {
    refuse("postgresql://app:canary@db/app " + "too long ".repeat(1000));

    assertThat(event().text("message")).hasSize(1024).doesNotContain("canary");
  }

  @Test
  void without_the_right_nothing_is_written_and_nothing_fails() throws Exception {
    cluster.api().revoke("create events");

    refuse("refused");

    assertThat(cluster.api().created()).isEmpty();
  }

  @Test
  void a_server_that_does_not_answer_is_not_waited_for() throws Exception {
    cluster.api().instead("events", cluster.api()::stall);

    long start = System.nanoTime();
    new RefusalEvents(cluster.settings(Map.of()), CLOCK).write("refused");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUNDED);
  }

  @Test
  void outside_kubernetes_nothing_is_asked() throws Exception {
    new RefusalEvents(cluster.settings(Map.of("KUBERNETES_SERVICE_HOST", "")), CLOCK)
        .write("refused");

    assertThat(cluster.api().requests()).isEmpty();
  }

  /** However slow the machine is. */
  private void refuse(String why) throws InterruptedException {
    new RefusalEvents(cluster.settings(Map.of()), CLOCK, BOUNDED).write(why);
  }

  private ApiObject event() {
    assertThat(cluster.api().created()).hasSize(1);
    byte[] text = cluster.api().created().getFirst().getBytes(StandardCharsets.UTF_8);
    return Objects.requireNonNull(ApiObject.parse(text));
  }
}
