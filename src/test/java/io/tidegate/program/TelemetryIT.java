package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.tidegate.servers.OtelCollector;
import io.tidegate.servers.OtlpReceiver;
import io.tidegate.servers.Ports;
import io.tidegate.servers.StandInServer;
import io.tidegate.servers.TestCertificates;
import io.tidegate.servers.TlsProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command that ends leaves of its run at a receiver of OTLP, and what happens without one. */
class TelemetryIT {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
  private static final String CANARY = "c4n4ry/Sings@2:am";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  @TempDir private Path folder;
  private final OtlpReceiver receiver = new OtlpReceiver();

  @BeforeEach
  void changelog() throws IOException {
    Files.createDirectory(folder.resolve("changelog"));
    changeset("001-create.sql", "CREATE TABLE orders (id int);");
    changeset("002-fill.sql", "INSERT INTO orders VALUES (1);");
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void init_leaves_a_trace_of_its_phases_targets_and_changesets() {
    init(0, Map.of(ENDPOINT, url(), "HOSTNAME", "web-7c9d"));
    Map<String, Span> spans = byName(receiver.spans());

    Span root = named(spans, "tidegate init");
    assertThat(root.getTraceId().size()).isEqualTo(16);
    assertThat(root.getParentSpanId()).isEmpty();
    assertThat(attributes(root.getAttributesList())).containsEntry("tidegate.exit_code", "0");
    assertThat(root.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
    for (String phase : List.of("check configuration", "wait", "check servers", "migrate")) {
      assertThat(named(spans, phase).getParentSpanId()).isEqualTo(root.getSpanId());
    }
    Span target = named(spans, "wait for target");
    assertThat(target.getParentSpanId()).isEqualTo(named(spans, "wait").getSpanId());
    assertThat(attributes(target.getAttributesList()))
        .containsEntry("tidegate.target", "db")
        .containsEntry("tidegate.engine", "sqlite");
    Span migration = named(spans, "migrate target");
    assertThat(migration.getParentSpanId()).isEqualTo(named(spans, "migrate").getSpanId());
    assertThat(attributes(migration.getAttributesList()))
        .containsEntry("tidegate.changesets.applied", "2");
    assertThat(receiver.spans())
        .filteredOn(span -> span.getName().equals("apply changeset"))
        .allMatch(span -> span.getParentSpanId().equals(migration.getSpanId()))
        .extracting(span -> attributes(span.getAttributesList()).get("tidegate.changeset"))
        .containsExactly("001-create.sql", "002-fill.sql");
    assertThat(receiver.spans())
        .allMatch(span -> span.getTraceId().equals(root.getTraceId()))
        .allMatch(span -> span.getKind() == Span.SpanKind.SPAN_KIND_INTERNAL)
        .allMatch(span -> span.getSpanId().size() == 8)
        .allMatch(span -> span.getStartTimeUnixNano() >= root.getStartTimeUnixNano())
        .allMatch(span -> span.getStartTimeUnixNano() <= span.getEndTimeUnixNano())
        .allMatch(span -> span.getEndTimeUnixNano() <= root.getEndTimeUnixNano())
        .extracting(Span::getSpanId)
        .doesNotHaveDuplicates();
    var resource = receiver.requests("/v1/traces").getFirst().traces().getResourceSpans(0);
    assertThat(attributes(resource.getResource().getAttributesList()))
        .containsEntry("service.name", "tidegate")
        .containsEntry("service.instance.id", "web-7c9d")
        .containsKey("service.version");
  }

  @Test
  void metrics_are_those_of_the_endpoint_by_the_same_names() throws IOException {
    init(0, Map.of(ENDPOINT, url() + "/", "TIDEGATE_REPLICAS", "1"));
    Map<String, Metric> metrics = new HashMap<>();
    receiver.metrics().forEach(metric -> metrics.put(metric.getName(), metric));
    String documented = Files.readString(Path.of("docs/metrics.md"));
    assertThat(metrics.keySet()).allMatch(name -> documented.contains("| `" + name + "` |"));
    assertThat(metrics)
        .containsKeys("tidegate_build_info", "tidegate_target_ready", "tidegate_replicas");
    Metric applied = named(metrics, "tidegate_migration_applied_changesets");
    NumberDataPoint point = applied.getGauge().getDataPoints(0);
    assertThat(point.getAsDouble()).isEqualTo(2);
    assertThat(attributes(point.getAttributesList())).containsExactly(Map.entry("target", "db"));
    assertThat(point.getTimeUnixNano()).isGreaterThan(point.getStartTimeUnixNano());
  }

  @Test
  void a_failure_is_told_with_its_exit_code_and_counted_failures() {
    int nothing = Ports.free();
    init(
        69,
        Map.of(
            ENDPOINT,
            url(),
            "TIDEGATE_TARGETS_OTHER_URL",
            "postgresql://app:" + CANARY.replaceAll("[/@:]", "") + "@127.0.0.1:" + nothing + "/app",
            "TIDEGATE_DEADLINE",
            "15s")); // Time for one whole attempt on a busy machine.
    Map<String, Span> spans = byName(receiver.spans());
    Span root = named(spans, "tidegate init");
    assertThat(attributes(root.getAttributesList())).containsEntry("tidegate.exit_code", "69");
    assertThat(root.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(root.getStatus().getMessage()).contains("other", "nothing listens");
    assertThat(receiver.spans())
        .filteredOn(span -> span.getName().equals("wait for target"))
        .filteredOn(span -> attributes(span.getAttributesList()).containsValue("other"))
        .allMatch(span -> span.getStatus().getMessage().contains("nothing listens"))
        .hasSize(1);
    assertThat(spans).doesNotContainKey("migrate");
    Metric failures =
        receiver.metrics().stream()
            .filter(metric -> metric.getName().equals("tidegate_target_probe_failures_total"))
            .findFirst()
            .orElseThrow();
    assertThat(failures.getSum().getIsMonotonic()).isTrue();
    assertThat(failures.getSum().getAggregationTemporality())
        .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
    assertThat(attributes(failures.getSum().getDataPoints(0).getAttributesList()))
        .containsEntry("reason", "unreachable");
    assertThat(receiver.requests().getFirst().body().toStringUtf8())
        .doesNotContain(CANARY.replaceAll("[/@:]", ""));
  }

  @Test
  void a_changeset_that_fails_is_the_span_with_the_error() throws IOException {
    changeset("003-wrong.sql", "INSERT INTO nowhere VALUES (1);");
    init(65, Map.of(ENDPOINT, url()));
    assertThat(receiver.spans())
        .filteredOn(span -> span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR)
        .extracting(Span::getName)
        .containsExactlyInAnyOrder("tidegate init", "migrate", "migrate target", "apply changeset");
  }

  @Test
  void the_variables_of_opentelemetry_are_obeyed() {
    init(
        0,
        Map.of(
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            url() + "/own/path?tenant=1",
            ENDPOINT,
            url() + "/base",
            HEADERS,
            "authorization=Bearer%20" + CANARY.replace("/", "%2F") + ", x-tenant = a+b",
            "OTEL_SERVICE_NAME",
            "orders-init",
            "OTEL_RESOURCE_ATTRIBUTES",
            "service.name=no,k8s.pod.name=a%2Cb",
            "TRACEPARENT",
            "00-" + TRACE + "-" + SPAN + "-01"));
    var traces = receiver.requests("/own/path?tenant=1").getFirst();
    var metrics = receiver.requests("/base/v1/metrics").getFirst();
    assertThat(traces.headers())
        .contains(
            "Content-type: application/x-protobuf",
            "Authorization: Bearer " + CANARY,
            "X-tenant: a+b");
    assertThat(metrics.headers()).contains("Authorization: Bearer " + CANARY);
    var spans = traces.traces().getResourceSpans(0);
    assertThat(attributes(spans.getResource().getAttributesList()))
        .containsEntry("service.name", "orders-init")
        .containsEntry("k8s.pod.name", "a,b");
    Span root = spans.getScopeSpans(0).getSpans(0);
    assertThat(hex(root.getTraceId().toByteArray())).isEqualTo(TRACE);
    assertThat(hex(root.getParentSpanId().toByteArray())).isEqualTo(SPAN);
  }

  @Test
  void headers_come_from_a_file_too() throws IOException {
    Path file = Files.writeString(folder.resolve("headers"), "api-key=" + CANARY + "\n");
    init(0, Map.of(ENDPOINT, url(), HEADERS + "_FILE", file.toString()));
    assertThat(receiver.requests()).hasSize(2);
    assertThat(receiver.requests())
        .allMatch(request -> request.headers().contains("Api-key: " + CANARY));
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_SDK_DISABLED, true, 0",
    "OTEL_TRACES_EXPORTER, none, 1",
    "OTEL_METRICS_EXPORTER, none, 1",
    "OTEL_EXPORTER_OTLP_PROTOCOL, http/protobuf, 2",
    "TRACEPARENT, 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00, 1",
    "TRACEPARENT, nonsense, 2",
  })
  void what_is_not_wanted_is_not_sent(String variable, String value, int requests) {
    assertThat(init(0, Map.of(ENDPOINT, url(), variable, value))).doesNotContain("telemetry");
    assertThat(receiver.requests()).hasSize(requests);
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OTLP_PROTOCOL, grpc, asks for another protocol than http/protobuf",
    "OTEL_EXPORTER_OTLP_PROTOCOL, http/json, asks for another protocol than http/protobuf",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, collector:4318, is no URL with http",
    "OTEL_EXPORTER_OTLP_TIMEOUT, 3s, is no number of milliseconds",
    "OTEL_EXPORTER_OTLP_HEADERS, c4n4ry, has a part that is not NAME=VALUE",
    "OTEL_EXPORTER_OTLP_HEADERS, api-key=c4n4ry%zz, has a % that begins no escape",
    "OTEL_EXPORTER_OTLP_HEADERS, host=c4n4ry, has a header that cannot be sent",
    "OTEL_EXPORTER_OTLP_HEADERS, api-key=c4n4ry%0Ax, has a header that cannot be sent",
    "OTEL_EXPORTER_OTLP_HEADERS_FILE, /nowhere/headers, names a file that cannot be read",
    "OTEL_RESOURCE_ATTRIBUTES, one, has a part that is not NAME=VALUE",
  })
  void what_cannot_be_obeyed_is_one_line_and_sends_nothing(
      String variable, String value, String said) {
    assertThat(init(0, Map.of(ENDPOINT, url(), variable, value)))
        .containsOnlyOnce("telemetry of this run was not sent: " + variable + " " + said)
        .doesNotContain("c4n4ry");
    assertThat(receiver.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 401, 429, 500, 503})
  void an_answer_that_is_none_is_one_line(int status) {
    receiver.answering(status);
    String place = "127.0.0.1:" + receiver.port();
    assertThat(init(0, Map.of(ENDPOINT, url().replace("://", "://user:c4n4ry@"))))
        .containsOnlyOnce(
            "telemetry of this run was not sent: traces to %s: answered %d; metrics to %s: answered %d"
                .formatted(place, status, place, status))
        .doesNotContain("c4n4ry");
    assertThat(receiver.requests()).as("nothing is sent again").hasSize(2);
  }

  @Test
  void nothing_that_listens_costs_a_line_and_no_exit_code() {
    String nowhere = "http://127.0.0.1:" + Ports.free();
    assertThat(init(0, Map.of(ENDPOINT, nowhere)))
        .containsOnlyOnce("nothing listens there; metrics");
    assertThat(init(78, Map.of(ENDPOINT, nowhere, "TIDEGATE_REPLICAS", "3")).lines().toList())
        .as("the last line says what happened")
        .last()
        .asString()
        .contains("exit 78: ");
  }

  /** The time is that of the program itself: a push without a limit would not end at all. */
  @Test
  void a_receiver_that_hangs_holds_nothing_up() {
    try (StandInServer silent = StandInServer.silent()) {
      String hangs = "http://127.0.0.1:" + silent.port();
      assertThat(init(0, Map.of(ENDPOINT, hangs, "OTEL_EXPORTER_OTLP_TIMEOUT", "")))
          .contains("no answer within 3000 ms");
      assertThat(init(0, Map.of(ENDPOINT, hangs, "OTEL_EXPORTER_OTLP_TIMEOUT", "100")))
          .contains("no answer within 100 ms");
      assertThat(init(0, Map.of(ENDPOINT, hangs, "OTEL_EXPORTER_OTLP_TIMEOUT", "600000")))
          .contains("no answer within 10000 ms");
    }
  }

  @Test
  void a_receiver_that_dribbles_holds_nothing_up() {
    try (StandInServer slow =
        StandInServer.saying(socket -> {
          socket
              .getOutputStream()
              .write(
                  "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
                      .getBytes(StandardCharsets.US_ASCII));
          socket.getOutputStream().flush();
          while (socket.getInputStream().read() >= 0) {
            // What it sends is read, and never answered whole.
          }
        })) {
      assertThat(
              init(
                  0,
                  Map.of(
                      ENDPOINT,
                      "http://127.0.0.1:" + slow.port(),
                      "OTEL_EXPORTER_OTLP_TIMEOUT",
                      "500")))
          .contains("no answer within 500 ms");
    }
  }

  @Test
  void tls_is_verified_by_the_certificate_that_is_named() {
    TestCertificates certificates = TestCertificates.get();
    try (TlsProxy tls =
        new TlsProxy(receiver.port(), certificates.server(), certificates.serverKey())) {
      String url = "https://localhost:" + tls.port();
      String ca = "OTEL_EXPORTER_OTLP_CERTIFICATE";
      init(0, Map.of(ENDPOINT, url, ca, certificates.ca().toString()));
      assertThat(receiver.requests()).hasSize(2);
      assertThat(init(0, Map.of(ENDPOINT, url))).containsOnlyOnce("telemetry of this run was not");
      assertThat(init(0, Map.of(ENDPOINT, url, ca, certificates.otherCa().toString())))
          .containsOnlyOnce("telemetry of this run was not sent");
      assertThat(init(0, Map.of(ENDPOINT, url, ca, "/nowhere.pem"))).contains("there is no file");
      assertThat(receiver.requests()).hasSize(2);
    }
  }

  @Test
  void run_that_is_refused_tells_it_and_one_that_is_stopped_sends_nothing() {
    Map<String, String> port = Map.of(ENDPOINT, url(), "TIDEGATE_HTTP_PORT", "0");
    try (TidegateProcess running = start(port, "run")) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> running.output().contains("watching"));
      running.terminate();
      assertThat(running.exitCode()).isEqualTo(143);
    }
    assertThat(receiver.requests()).isEmpty();
    Map<String, String> refused = new HashMap<>(port);
    refused.put("TIDEGATE_REPLICAS", "3");
    try (TidegateProcess running = start(refused, "run")) {
      assertThat(running.exitCode()).isEqualTo(78);
    }
    assertThat(named(byName(receiver.spans()), "tidegate run").getStatus().getMessage())
        .contains("sqlite-replicas");
  }

  @Test
  void nothing_of_it_is_loaded_where_nobody_asked() throws IOException {
    Path loaded = folder.resolve("classes.log");
    Map<String, String> log =
        Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=off -Xlog:class+load:file=" + loaded);
    init(0, log);
    assertThat(Files.readString(loaded))
        .contains("io.tidegate.agent.AgentLoop ")
        .doesNotContain("io.tidegate.telemetry.", "RunTrace", "java.net.http.", "io.prometheus.");
    Map<String, String> asked = new HashMap<>(log);
    asked.put(ENDPOINT, url());
    init(0, asked);
    assertThat(Files.readString(loaded))
        .contains("io.tidegate.telemetry.OtlpPush", "io.tidegate.agent.RunTrace");
  }

  @Test
  @EnabledIfSystemProperty(named = "tidegate.collector", matches = ".+")
  void a_real_collector_takes_and_understands_it() {
    String program = Objects.requireNonNull(System.getProperty("tidegate.collector"));
    try (OtelCollector collector = new OtelCollector(program)) {
      collector.start();
      String url = "http://127.0.0.1:" + collector.port();
      assertThat(init(0, Map.of(ENDPOINT, url, "TRACEPARENT", "00-" + TRACE + "-" + SPAN + "-01")))
          .doesNotContain("telemetry");
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() ->
              assertThat(collector.log())
                  .containsPattern("Trace ID +: " + TRACE)
                  .containsPattern("Parent ID +: " + SPAN)
                  .containsPattern("Name +: apply changeset")
                  .containsPattern("Kind +: Internal")
                  .contains("tidegate.changeset: Str(002-fill.sql)")
                  .contains("tidegate.exit_code: Int(0)")
                  .contains("service.name: Str(tidegate)")
                  .contains("Name: tidegate_migration_applied_changesets")
                  .contains("Value: 2.000000"));
    }
  }

  private String url() {
    return "http://127.0.0.1:" + receiver.port();
  }

  private void changeset(String name, String sql) throws IOException {
    Files.writeString(folder.resolve("changelog").resolve(name), sql);
  }

  private String init(int exit, Map<String, String> environment) {
    try (TidegateProcess process = start(environment, "init")) {
      assertThat(process.exitCode()).as(process.output()).isEqualTo(exit);
      assertThat(process.output()).doesNotContain("\tat ", CANARY);
      return process.output();
    }
  }

  private TidegateProcess start(Map<String, String> environment, String command) {
    Map<String, String> all = new HashMap<>();
    all.put("TIDEGATE_TARGETS_DB_URL", "sqlite:///" + folder.resolve("app.db"));
    all.put("TIDEGATE_TARGETS_DB_CHANGELOG", folder.resolve("changelog").toString());
    all.put("TIDEGATE_DEADLINE", "60s");
    all.put("OTEL_EXPORTER_OTLP_TIMEOUT", "10000"); // On a busy machine the default may not do.
    all.putAll(environment);
    return TidegateProcess.start(folder, all, line -> {}, command);
  }

  private static Map<String, Span> byName(List<Span> spans) {
    Map<String, Span> byName = new HashMap<>();
    spans.forEach(span -> byName.put(span.getName(), span));
    return byName;
  }

  private static <T> T named(Map<String, T> all, String name) {
    assertThat(all).containsKey(name);
    return Objects.requireNonNull(all.get(name));
  }

  private static Map<String, String> attributes(List<KeyValue> attributes) {
    Map<String, String> map = new HashMap<>();
    for (KeyValue each : attributes) {
      map.put(
          each.getKey(),
          each.getValue().hasIntValue()
              ? Long.toString(each.getValue().getIntValue())
              : each.getValue().getStringValue());
    }
    return map;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
