package io.tidegate.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.agent.AgentState;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.secret.Secret;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each endpoint answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EndpointsTest {
  private final Running running = new Running();

  @BeforeAll
  void listens() {
    assertThat(running.server.port()).isPositive();
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @Test
  void ready_whileWatching() throws Exception {
    running.tell(Told.watching());
    HttpResponse<String> answer = running.get("/ready");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.body())
        .isEqualTo(
            """
            {"ready":true,"state":"watching","notReady":[],"migrations":[{"target":"orders",\
            "phase":"done","changeset":null,"number":0,"of":2,"holder":null,"retries":1,"interrupted":[],"outcome":\
            {"applied":2,"alreadyApplied":10,"unexpected":0,"tookMillis":1500,\
            "lockWaitMillis":250,"retries":1}}]}\
            """);
    assertThat(running.get("/readyz").body()).isEqualTo(answer.body());
  }

  @Test
  void ready_whileWaiting_namesTheTargetAndWhy() throws Exception {
    running.tell(Told.awaiting());
    HttpResponse<String> answer = running.get("/ready");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body())
        .startsWith(
            """
            {"ready":false,"state":"awaiting","notReady":[{"target":"cache","ready":false,\
            "required":true,"reason":"unreachable","detail":"connection refused",\
            "since":"2026-11-21T06:00:00Z"}],"migrations":[{"target":"orders","phase":"pending",\
            """);
  }

  @Test
  void ready_byTarget_isThatTargetsOwn() throws Exception {
    running.tell(Told.awaiting());
    assertThat(running.get("/ready/orders").statusCode()).isEqualTo(200);
    assertThat(running.get("/ready/%6frders").statusCode()).isEqualTo(200);
    assertThat(running.get("/ready/cache").statusCode()).isEqualTo(503);
    HttpResponse<String> unknown = running.get("/ready/nobody");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).isEqualTo("{\"error\":\"no target has this name\"}");
  }

  @Test
  void live_whileMigrating() throws Exception {
    running.tell(Told.migrating());
    HttpResponse<String> answer = running.get("/live");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            """
            {"live":true,"state":"migrating","heartbeatAgeMillis":120,"limitMillis":30000}\
            """);
    assertThat(running.get("/livez").body()).isEqualTo(answer.body());
    assertThat(running.get("/ready").statusCode()).isEqualTo(503);
  }

  @Test
  void live_whenTheLoopIsSilent_is503() throws Exception {
    running.tell(new Told(Told.watching().snapshot(), Duration.ofMillis(29_999)));
    assertThat(running.get("/live").statusCode()).isEqualTo(200);
    running.tell(new Told(Told.watching().snapshot(), Duration.ofSeconds(30)));
    assertThat(running.get("/live").statusCode()).isEqualTo(503);
  }

  @Test
  void live_whenAPartOfTheAgentHasDied_is503() throws Exception {
    running.tell(new Told(Told.watching().snapshot(), SnapshotSource.STOPPED));
    HttpResponse<String> answer = running.get("/live");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("\"live\":false");
    assertThat(running.get("/status").body()).contains("\"live\":false");
  }

  @Test
  void status_hasEverything() throws Exception {
    running.tell(Told.watching());
    HttpResponse<String> answer = running.get("/status");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains(
            "\"url\":\"postgresql://db:5432/orders\"",
            "\"lastProbe\":\"2026-11-21T06:00:02.500Z\",\"lastProbeMillis\":4",
            "\"failuresByReason\":{\"starting\":7,\"unreachable\":3}",
            "\"replicas\":{\"certainty\":\"exactly\",\"count\":3,\"source\":\"TIDEGATE_REPLICAS\"}",
            "\"rule\":\"inline-credentials\",\"severity\":\"warning\"");
  }

  @Test
  void status_saysHowSurelyTheReplicasAreKnown() throws Exception {
    running.tell(Told.migrating());
    assertThat(running.get("/status").body())
        .contains("\"certainty\":\"at-least\",\"count\":2,\"source\":\"tasks.web\"");
    running.tell(Told.awaiting());
    assertThat(running.get("/status").body())
        .contains("\"certainty\":\"unknown\",\"count\":null,\"source\":\"nothing tells\"");
  }

  @Test
  void status_afterAFailure_saysWhy() throws Exception {
    running.tell(
        Told.with(
            new AgentState.Failed(
                List.of(
                    new Problem(ExitCode.NOT_READY, "no answer", "target cache", "Start it")))));
    assertThat(running.get("/status").body())
        .contains(
            "\"state\":\"failed\",\"ready\":false",
            "{\"exit\":69,\"what\":\"no answer\",\"where\":\"target cache\",\"remedy\":\"Start it\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ready", "/ready/cache", "/status", "/live"})
  void secrets_doNotComeOut(String path) throws Exception {
    Secret canary = Secret.of("canary-7f3a/b c");
    running.tell(
        Told.with(
            new AgentState.Watching(),
            Told.cache(
                true,
                "FATAL for redis://app:hunter2@cache with " + canary.reveal() + " \"quoted\"")));
    assertThat(running.get(path).body()).doesNotContain("canary-7f3a", "hunter2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ready", "/readyz", "/live", "/livez", "/status", "/ready/orders"})
  void head_isGetWithoutABody(String path) throws Exception {
    running.tell(Told.watching());
    HttpResponse<String> head = running.send("HEAD", path);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("cache-control")).hasValue("no-store");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ready/", "/ready/orders/", "/live/", "/ready?verbose", "/status/?a=b"})
  void slashAtTheEndAndQuestion_changeNothing(String path) throws Exception {
    running.tell(Told.watching());
    assertThat(running.get(path).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void otherMethods_are405(String method) throws Exception {
    HttpResponse<String> answer = running.send(method, "/ready");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.body()).isEqualTo("{\"error\":\"method not allowed\"}");
    assertThat(String.join(",", answer.headers().allValues("allow"))).contains("GET", "HEAD");
    assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/nothing", "/ready/a/b", "/ready/%2e%2e%2fstatus", "/..%2f", "/actuator"})
  void otherPaths_are404(String path) throws Exception {
    HttpResponse<String> answer = running.get(path);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.body()).startsWith("{\"error\":\"").endsWith("\"}");
    assertThat(answer.headers().firstValue("server")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "image/png", "application/xml", "nonsense"})
  void accept_isIgnored(String accept) throws Exception {
    running.tell(Told.watching());
    assertThat(running.send("GET", "/ready", "Accept", accept).statusCode()).isEqualTo(200);
    assertThat(running.send("GET", "/ready", "Content-Type", "text/plain").statusCode())
        .isEqualTo(200);
  }

  @Test
  void snapshotThatCannotBeRead_is500WithoutATrace() throws Exception {
    running.tell(aBug());
    HttpResponse<String> answer = running.get("/ready");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).isEqualTo("{\"error\":\"internal server error\"}");
    running.tell(Told.watching());
  }

  @SuppressWarnings("NullAway") // A bug is staged: null where none may be.
  private static Told aBug() {
    return new Told(null, Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/env",
        "/beans",
        "/loggers",
        "/refresh",
        "/stop",
        "/routes",
        "/threaddump",
        "/caches",
        "/health/orders"
      })
  void othersOfMicronautsManagement_doNotExist(String path) throws Exception {
    assertThat(running.get(path).statusCode()).isEqualTo(404);
    assertThat(running.send("POST", path).statusCode()).isEqualTo(404);
  }

  @Test
  void prometheus_isTheSameAsMetrics() throws Exception {
    running.tell(Told.watching());
    HttpResponse<String> answer = running.get("/prometheus");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type"))
        .isEqualTo(running.get("/metrics").headers().firstValue("content-type"));
    assertThat(answer.body()).contains("tidegate_target_ready{");
  }

  @Test
  void health_isDown_whereTheLoopIsStuck() throws Exception {
    running.tell(new Told(Told.watching().snapshot(), Duration.ofMinutes(5)));
    assertThat(running.get("/health/readiness").statusCode()).isEqualTo(200);
    assertThat(running.get("/health/liveness").statusCode()).isEqualTo(503);
    assertThat(running.get("/health").statusCode()).isEqualTo(503);
  }
}
