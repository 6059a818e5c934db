package io.tidegate.replicas.kubernetes;

import static io.tidegate.servers.KubernetesObjects.deployment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaCount.AtLeast;
import io.tidegate.replicas.ReplicaCount.Exactly;
import io.tidegate.replicas.ReplicaCount.Unknown;
import io.tidegate.replicas.ReplicaSettings;
import io.tidegate.servers.KubernetesApi;
import io.tidegate.servers.MountedAccount;
import io.tidegate.servers.Ports;
import io.tidegate.servers.RbacManifest;
import io.tidegate.servers.TestCertificates;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an API server that refuses, fails, dawdles or babbles leaves known, and in which words. */
class UnwillingApiTest {
  private static final String RECREATE = "{\"type\": \"Recreate\"}";
  private static final String NEXT_TOKEN = "eyJhbGciOiJSUzI1NiJ9.canary-two.c2lnbmF0dXJl";
  private static final Duration SHORT = Duration.ofSeconds(4);

  /** A slow machine is no reason to fail; a bound that is missing is endless. */
  private static final Duration BOUNDED = Duration.ofMinutes(2);

  @TempDir Path folder;
  private Cluster cluster;

  @BeforeEach
  void start() {
    cluster = new Cluster(folder);
    cluster.web(deployment("web", 1, RECREATE));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get pods",
        "get replicasets.apps",
        "get deployments.apps",
        "list horizontalpodautoscalers.autoscaling"
      })
  void a_missing_right_is_named_by_verb_and_resource(String right) throws Exception {
    cluster.api().revoke(right);

    assertThat(reason())
        .isEqualTo("the service account may not `%s` in namespace shop (403)".formatted(right));
    assertThat(cluster.api().requests()).containsOnlyOnce("GET /readyz");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void a_server_that_is_starting_is_asked_again_until_it_knows_the_rights(int refusals)
      throws Exception {
    cluster.api().starting(refusals);

    assertThat(cluster.count()).isInstanceOf(Exactly.class);
  }

  @Test
  void a_server_that_does_not_listen_yet_is_asked_again() throws Exception {
    int port = Ports.free();
    var source = cluster.source(Map.of("KUBERNETES_SERVICE_PORT", Integer.toString(port)));
    CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS)
        .execute(() -> cluster.api().listenOn(port));

    assertThat(source.count()).get().isInstanceOf(Exactly.class);
  }

  @Test
  void a_refusal_while_watching_counts_when_it_comes_twice_in_a_row() throws Exception {
    assertThat(cluster.count()).isInstanceOf(Exactly.class);

    cluster.api().revoke("get deployments.apps");
    assertThat(cluster.count())
        .isEqualTo(
            new Exactly(
                1,
                "in Kubernetes (Deployment web: spec.replicas 1), as the API server last said,"
                    + " which has refused to say it since"));
    assertThat(reason()).contains("may not `get deployments.apps`");
  }

  @Test
  void a_refusal_between_two_answers_is_forgotten() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(cluster.count()).isInstanceOf(Exactly.class);
      cluster.api().revoke("get deployments.apps");
      assertThat(cluster.count()).isInstanceOf(Exactly.class);
      cluster.api().grant("get deployments.apps");
    }
  }

  @Test
  void a_server_that_does_not_answer_is_not_waited_for_as_long_the_second_time(@TempDir Path other)
      throws Exception {
    try (Cluster slow = impatient(other)) {
      slow.api().instead("pods", slow.api()::stall);
      assertThat(reason(slow.count())).endsWith("within 4000 ms");
      assertThat(reason(slow.count())).endsWith("within 1000 ms");
      assertThat(reason(slow.count())).endsWith("within 4000 ms");
    }
  }

  @Test
  void without_the_right_to_list_autoscalers_it_is_unknown_and_what_was_seen_is_told()
      throws Exception {
    cluster.web(deployment("web", 3, RECREATE));
    cluster.api().revoke("list horizontalpodautoscalers.autoscaling");

    assertThat(cluster.count())
        .isEqualTo(
            new Unknown(
                "the service account may not `list horizontalpodautoscalers.autoscaling` in"
                    + " namespace shop (403); Deployment web: spec.replicas 3",
                new AtLeast(
                    3,
                    "in Kubernetes (Deployment web: spec.replicas 3; the service account may not"
                        + " `list horizontalpodautoscalers.autoscaling` in namespace shop (403))")));
  }

  @Test
  void a_pod_that_is_not_there_tells_how_to_name_it() throws Exception {
    cluster.api().remove("pods/" + Cluster.POD);

    assertThat(reason())
        .isEqualTo(
            "namespace shop has no Pod web-5d9f-x7k2p (404); set POD_NAME to metadata.name by the"
                + " downward API");
  }

  @Test
  void an_owner_that_is_gone_is_named() throws Exception {
    cluster.api().remove("deployments/web");

    assertThat(reason()).isEqualTo("namespace shop has no Deployment web (404)");
  }

  @Test
  void a_token_that_was_rotated_is_read_again_for_each_count() throws Exception {
    assertThat(cluster.count()).isInstanceOf(Exactly.class);

    cluster.api().accept(NEXT_TOKEN);
    cluster.account().rotate(TestCertificates.get().ca(), KubernetesApi.NAMESPACE, NEXT_TOKEN);

    assertThat(cluster.count()).isInstanceOf(Exactly.class);
    assertThat(cluster.api().requests()).hasSize(8);
  }

  @Test
  void a_token_that_is_replaced_just_while_it_is_used_is_read_once_more() throws Exception {
    cluster
        .api()
        .instead(
            "pods",
            exchange -> {
              cluster.api().asUsual();
              cluster.api().accept(NEXT_TOKEN);
              cluster
                  .account()
                  .rotate(TestCertificates.get().ca(), KubernetesApi.NAMESPACE, NEXT_TOKEN);
              KubernetesApi.refuse(exchange, 401, "Unauthorized", "Unauthorized");
            });

    assertThat(cluster.count()).isInstanceOf(Exactly.class);
  }

  @Test
  void a_token_that_is_refused_until_the_time_is_up_is_said_to_be_refused(@TempDir Path other)
      throws Exception {
    try (Cluster foreign = impatient(other)) {
      foreign.api().accept("another");

      assertThat(reason(foreign.count()))
          .contains("does not accept the service account's token (401)")
          .doesNotContain("canary");
    }
  }

  /** The last attempt is cut short by the end of the time, and says nothing of its own. */
  @Test
  void a_server_that_refuses_and_then_falls_silent_is_said_to_have_refused(@TempDir Path other)
      throws Exception {
    try (Cluster foreign = impatient(other)) {
      AtomicInteger asked = new AtomicInteger();
      foreign
          .api()
          .instead(
              "pods",
              exchange -> {
                if (asked.incrementAndGet() == 1) {
                  KubernetesApi.refuse(exchange, 503, "ServiceUnavailable", "try again");
                }
              });

      assertThat(reason(foreign.count())).isEqualTo("the API server answered `get pods` with 503");
      assertThat(asked).hasValue(2);
    }
  }

  @Test
  void a_ca_that_was_rotated_is_read_again_too() throws Exception {
    cluster
        .account()
        .rotate(TestCertificates.get().otherCa(), KubernetesApi.NAMESPACE, Cluster.TOKEN);
    assertThat(reason())
        .startsWith(
            "the API server at 127.0.0.1:%d does not prove itself by the CA in "
                .formatted(cluster.api().port()))
        .contains("ca.crt");
    assertThat(cluster.api().requests()).isEmpty();

    cluster.account().rotate(TestCertificates.get().ca(), KubernetesApi.NAMESPACE, Cluster.TOKEN);
    assertThat(cluster.count()).isInstanceOf(Exactly.class);
  }

  @Test
  void a_server_with_a_certificate_for_another_host_never_sees_the_token(@TempDir Path other)
      throws Exception {
    TestCertificates files = TestCertificates.get();
    KubernetesApi impostor =
        new KubernetesApi(
            RbacManifest.rights(), Cluster.TOKEN, files.elsewhere(), files.elsewhereKey());
    try (Cluster misled = new Cluster(other, impostor, Cluster.PATIENT)) {
      assertThat(reason(misled.count())).contains("does not prove itself");
      assertThat(impostor.requests()).isEmpty();
    }
  }

  @Test
  void a_redirection_is_not_followed() throws Exception {
    cluster
        .api()
        .instead(
            "pods",
            exchange -> {
              exchange.getResponseHeaders().set("Location", "/api/v1/namespaces/shop/secrets");
              KubernetesApi.answer(exchange, 307, "");
            });

    assertThat(reason()).isEqualTo("the API server answered `get pods` with 307");
    assertThat(cluster.api().requests()).hasSize(1);
  }

  @Test
  void an_answer_that_does_not_come_is_not_waited_for(@TempDir Path other) throws Exception {
    try (Cluster slow = impatient(other)) {
      slow.api().instead("replicasets", slow.api()::stall);
      assertNotWaitedFor(slow, "get replicasets.apps");
    }
  }

  @Test
  void an_answer_that_does_not_end_is_not_waited_for(@TempDir Path other) throws Exception {
    try (Cluster slow = impatient(other)) {
      slow.api().instead("pods", slow.api()::stallInBody);
      assertNotWaitedFor(slow, "get pods");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>Bad gateway</html>",
        "[]",
        "\"Pod\"",
        "null",
        "{}",
        "{\"kind\": \"Pod\"",
        "{\"kind\": \"Pod\"} {}",
        "{\"kind\": \"Status\"}",
        "{\"kind\": {\"kind\": \"Pod\"}}"
      })
  void what_is_no_pod_is_no_answer(String body) throws Exception {
    instead("pods", 200, body);

    assertThat(reason())
        .isEqualTo("the API server answered `get pods` with what is no Pod in JSON");
  }

  @Test
  void nesting_without_end_is_no_answer() throws Exception {
    instead("pods", 200, "{\"a\":".repeat(100_000));

    assertThat(reason()).contains("what is no Pod in JSON");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\": \"Deployment\"}",
        "{\"kind\": \"Deployment\", \"spec\": 7}",
        "{\"kind\": \"Deployment\", \"spec\": {\"replicas\": \"many\", \"strategy\": []}}"
      })
  void members_of_another_type_are_as_absent(String body) throws Exception {
    instead("deployments", 200, body);

    assertThat(cluster.count())
        .isEqualTo(
            new Exactly(
                1,
                "in Kubernetes (Deployment web: spec.replicas 1, RollingUpdate with maxSurge 25%)",
                1));
  }

  @Test
  void a_number_beyond_all_bounds_is_many() throws Exception {
    instead(
        "deployments",
        200,
        "{\"kind\": \"Deployment\", \"spec\": {\"replicas\": 99999999999999999999,"
            + " \"strategy\": {\"type\": \"Recreate\"}}}");

    assertThat(cluster.count())
        .isEqualTo(
            new Exactly(
                Integer.MAX_VALUE, "in Kubernetes (Deployment web: spec.replicas 2147483647)"));
  }

  @Test
  void an_answer_that_is_too_long_is_not_read_to_its_end() throws Exception {
    AtomicInteger written = new AtomicInteger();
    byte[] part = " ".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8);
    cluster
        .api()
        .instead(
            "pods",
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              while (written.addAndGet(part.length) < 64 * ApiServer.MAX_BYTES) {
                exchange.getResponseBody().write(part);
              }
            });

    assertThat(reason())
        .isEqualTo("the API server answered `get pods` with more than 4194304 bytes");
    assertThat(written).hasValueLessThan(16 * ApiServer.MAX_BYTES);
  }

  @ParameterizedTest
  @CsvSource({
    "429, TooManyRequests",
    "500, InternalError",
    "503, ServiceUnavailable",
    "504, Timeout"
  })
  void a_server_that_is_away_for_a_while_has_scaled_nothing(
      int code, String reason, @TempDir Path other) throws Exception {
    HttpHandler away = exchange -> KubernetesApi.refuse(exchange, code, reason, "try again");
    try (Cluster watched = impatient(other)) {
      watched.api().instead("deployments", away);
      assertThat(reason(watched.count()))
          .isEqualTo("the API server answered `get deployments.apps` with " + code);

      watched.api().asUsual();
      Awaitility.await().atMost(BOUNDED).until(() -> watched.count() instanceof Exactly);

      watched.api().instead("deployments", away);
      assertThat(watched.count())
          .isEqualTo(
              new Exactly(
                  1,
                  "in Kubernetes (Deployment web: spec.replicas 1), as the API server last said,"
                      + " which does not answer now"));
    }
  }

  @Test
  void a_server_that_is_not_there_is_named() throws Exception {
    int port = Ports.free();
    var source = cluster.source(Map.of("KUBERNETES_SERVICE_PORT", Integer.toString(port)), SHORT);

    assertThat(reason(source.count().orElseThrow()))
        .isEqualTo(
            "the API server at 127.0.0.1:%d could not be asked: nothing listens there"
                .formatted(port));
  }

  /** A resolver may take seconds to say that there is none; the JVM remembers it for ten. */
  @Test
  void a_server_whose_name_nobody_knows_is_named() throws Exception {
    String name = "no-such-host.invalid";
    assertThatThrownBy(() -> InetAddress.getByName(name)).isInstanceOf(UnknownHostException.class);
    var source = cluster.source(Map.of("KUBERNETES_SERVICE_HOST", name), SHORT);

    assertThat(reason(source.count().orElseThrow()))
        .startsWith("the API server at no-such-host.invalid:")
        .endsWith("could not be asked: its name has no address");
  }

  @ParameterizedTest
  @CsvSource({"a b, 443", "127.0.0.1, tcp://10.0.0.1:443", "127.0.0.1, 99999", "::1]x, 443"})
  void an_address_that_is_none_is_said_to_be_none(String host, String port) throws Exception {
    var source =
        cluster.source(Map.of("KUBERNETES_SERVICE_HOST", host, "KUBERNETES_SERVICE_PORT", port));

    assertThat(source.count()).get().isInstanceOf(Unknown.class);
    assertThat(cluster.api().requests()).isEmpty();
  }

  @Test
  void without_a_service_account_that_is_the_reason(@TempDir Path empty) throws Exception {
    var none =
        new KubernetesReplicas(
            new ReplicaSettings(null, null, empty, Map.of("KUBERNETES_SERVICE_HOST", "127.0.0.1")));

    assertThat(reason(none.count().orElseThrow()))
        .isEqualTo(
            "the pod has no service account mounted: there is no " + empty.resolve("namespace"));
  }

  @ParameterizedTest
  @CsvSource({"token", "namespace", "ca.crt"})
  void a_file_with_something_else_in_it_is_named_and_not_shown(String name, @TempDir Path other)
      throws Exception {
    MountedAccount account =
        new MountedAccount(
            other, TestCertificates.get().ca(), KubernetesApi.NAMESPACE, Cluster.TOKEN);
    Files.writeString(account.folder().resolve(name), "two canary\r\nlines");
    var source =
        new KubernetesReplicas(
            new ReplicaSettings(
                null,
                null,
                other,
                Map.of(
                    "KUBERNETES_SERVICE_HOST",
                    "127.0.0.1",
                    "KUBERNETES_SERVICE_PORT",
                    Integer.toString(cluster.api().port()),
                    "HOSTNAME",
                    Cluster.POD)));

    assertThat(reason(source.count().orElseThrow()))
        .contains(other.resolve(name).toString())
        .doesNotContain("canary");
    assertThat(cluster.api().requests()).isEmpty();
  }

  private static Cluster impatient(Path folder) {
    Cluster cluster =
        new Cluster(folder, new KubernetesApi(RbacManifest.rights(), Cluster.TOKEN), SHORT);
    cluster.web(deployment("web", 1, RECREATE));
    return cluster;
  }

  private static void assertNotWaitedFor(Cluster slow, String right) throws Exception {
    long start = System.nanoTime();
    assertThat(reason(slow.count()))
        .isEqualTo(
            "the API server at 127.0.0.1:%d gave no whole answer to `%s` within 4000 ms"
                .formatted(slow.api().port(), right));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUNDED);
  }

  private void instead(String plural, int code, String body) {
    HttpHandler handler = exchange -> KubernetesApi.answer(exchange, code, body);
    cluster.api().instead(plural, handler);
  }

  private String reason() throws InterruptedException {
    return reason(cluster.count());
  }

  private static String reason(ReplicaCount count) {
    assertThat(count).isInstanceOf(Unknown.class);
    return ((Unknown) count).reason();
  }
}
