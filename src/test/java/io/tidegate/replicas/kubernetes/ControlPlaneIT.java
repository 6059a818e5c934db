package io.tidegate.replicas.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.program.Endpoints;
import io.tidegate.program.TidegateProcess;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaCount.AtLeast;
import io.tidegate.replicas.ReplicaCount.Exactly;
import io.tidegate.replicas.ReplicaCount.Unknown;
import io.tidegate.replicas.ReplicaCount.UpTo;
import io.tidegate.replicas.ReplicaSettings;
import io.tidegate.servers.ControlPlane;
import io.tidegate.servers.MountedAccount;
import io.tidegate.servers.Ports;
import io.tidegate.servers.Program;
import io.tidegate.servers.RbacManifest;
import io.tidegate.servers.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real control plane takes what we tell people to apply, and is counted rightly: {@code .ci/kubernetes}. */
@EnabledIfSystemProperty(named = "tidegate.kubernetes", matches = ".+")
class ControlPlaneIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A pod that the standard "restricted" admits, with these fields besides. */
  private static final String POD =
      """
      {serviceAccountName: tidegate, %s
       securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}},
       containers: [{name: app, image: "example/app:1.0", securityContext: {
         allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}
      """;

  private static ControlPlane cluster;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException {
    cluster = new ControlPlane(Path.of(System.getProperty("tidegate.kubernetes", "")));
    for (String crd : List.of("servicemonitors", "prometheusrules")) {
      cluster.apply(
          "-f", System.getProperty("tidegate.crds") + "/monitoring.coreos.com_" + crd + ".yaml");
    }
    cluster.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
    for (String namespace : List.of("shop", "census", "chart", "app")) {
      namespace(namespace);
    }
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"init-container", "sidecar", "job", "network-policy", "monitoring"})
  void a_manifest_is_taken_and_its_pods_are_admitted(String name) {
    cluster.apply("-f", "k8s/%s.yaml".formatted(name));

    assertPodsOf("shop");
  }

  @Test
  void the_whole_directory_can_be_applied() {
    cluster.apply("-f", "k8s/");

    assertPodsOf("shop");
  }

  @Test
  void the_component_adds_a_sidecar_that_is_admitted() {
    cluster.apply("-k", "k8s/example");

    assertPodsOf("shop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"job", "job-argocd", "run", "sidecar"})
  void the_chart_is_installed_and_upgraded_in_each_mode(String mode) {
    String[] values = {"shop", "k8s/chart", "-f", "k8s/chart-example/" + mode + ".yaml"};
    helm("install", values);
    assertPodsOf("chart");

    helm("upgrade", values);
    assertPodsOf("chart");
    helm("uninstall", "shop");
  }

  @ParameterizedTest
  @CsvSource({"app, k8s/chart, tidegate", "library-app, k8s/library, tidegate-library"})
  void the_chart_is_taken_in_by_the_chart_of_an_app(String app, String chart, String name)
      throws IOException {
    Program.run(
        Map.of(), null, "cp", "-r", "k8s/chart-example/" + app, folder.resolve("a").toString());
    Path charts = Files.createDirectory(folder.resolve("a/charts"));
    Program.run(Map.of(), null, "cp", "-r", chart, charts.resolve(name).toString());

    helm("install", "shop", folder.resolve("a").toString());
    assertPodsOf("chart");
    helm("uninstall", "shop");
  }

  @Test
  void a_job_is_synced_again_and_again_as_argo_cd_does_it() throws IOException {
    for (String change :
        List.of("a=1", "a=1", "changelog.002-more\\.sql=SELECT 1", "image.tag=2")) {
      Path rendered = folder.resolve("rendered.yaml");
      String set = change.startsWith("a=") ? "podAnnotations." + change : change;
      Files.writeString(
          rendered,
          helm(
              "template",
              "shop",
              "k8s/chart",
              "-f",
              "k8s/chart-example/job.yaml",
              "--no-hooks",
              "--kube-version",
              "1.37",
              "--set-string",
              set));
      cluster.kubectl(
          "apply", "-n", "app", "--server-side", "--validate=strict", "-f", rendered.toString());
    }

    assertThat(cluster.kubectl("get", "jobs", "-n", "app", "-o", "name").lines()).hasSize(3);
  }

  @Test
  void a_changelog_may_be_an_image() {
    helm(
        "install",
        "image",
        "k8s/chart",
        "--set",
        "config.replicas=3,config.targets.orders.url=postgresql://app@db/app,"
            + "changelogFrom.image.reference=example/changelog:1");

    assertPodsOf("chart");
    helm("uninstall", "image");
  }

  @ParameterizedTest
  @CsvSource({
    "Deployment, 'replicas: 3, strategy: {type: Recreate},', 3, spec.replicas 3",
    "StatefulSet, 'replicas: 2, serviceName: web,', 2, spec.replicas 2",
    "ReplicaSet, 'replicas: 2,', 2, spec.replicas 2",
  })
  void a_workload_is_counted(String kind, String spec, int replicas, String words)
      throws Exception {
    workload("apps/v1", kind, "counted", spec, "");

    assertThat(count("counted"))
        .isInstanceOf(Exactly.class)
        .returns(replicas, ReplicaCount::number)
        .extracting(ReplicaCount::describe)
        .asString()
        .contains(words);
    delete(kind, "counted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"autoscaling/v2", "autoscaling/v1"})
  void an_autoscaler_of_either_version_may_make_more(String version) throws Exception {
    workload("apps/v1", "Deployment", "scaled", "replicas: 1,", "");
    cluster.apply(
        """
        {apiVersion: %s, kind: HorizontalPodAutoscaler, metadata: {name: scaled, namespace: census},
         spec: {maxReplicas: 5, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: scaled}}}
        """
            .formatted(version));

    assertThat(count("scaled")).isInstanceOf(UpTo.class).returns(5, ReplicaCount::number);
    delete("hpa", "scaled");
    delete("Deployment", "scaled");
  }

  @Test
  void a_rolling_update_surges() throws Exception {
    workload("apps/v1", "Deployment", "rolling", "replicas: 1,", "");

    assertThat(count("rolling"))
        .isInstanceOfSatisfying(Exactly.class, one -> assertThat(one.surge()).isEqualTo(1));
    delete("Deployment", "rolling");
  }

  @Test
  void a_job_and_one_of_a_cron_job_run_as_many_at_once_as_they_may() throws Exception {
    workload("batch/v1", "Job", "load", "parallelism: 2, completions: 5,", "restartPolicy: Never,");
    assertThat(count("load")).isInstanceOf(Exactly.class).returns(2, ReplicaCount::number);
    delete("Job", "load");

    cluster.apply(
        """
        {apiVersion: batch/v1, kind: CronJob, metadata: {name: nightly, namespace: census}, spec: {
          schedule: "0 3 * * *", timeZone: Europe/Berlin, jobTemplate: {spec: {template: {
            metadata: {labels: {app: nightly}}, spec: %s}}}}}
        """
            .formatted(POD.formatted("restartPolicy: Never,").indent(2)));
    cluster.kubectl("create", "job", "-n", "census", "--from=cronjob/nightly", "by-hand");
    assertThat(count("nightly")).isInstanceOf(Exactly.class).returns(1, ReplicaCount::number);
    delete("CronJob", "nightly");
  }

  @Test
  void a_daemon_set_is_on_as_many_nodes_as_there_are() throws Exception {
    for (String node : List.of("one", "two")) {
      cluster.apply("{apiVersion: v1, kind: Node, metadata: {name: %s}}".formatted(node));
    }
    workload("apps/v1", "DaemonSet", "agent", "", "");

    eventually().until(() -> count("agent").number() == 2);
    assertThat(count("agent")).isInstanceOf(AtLeast.class);
    delete("DaemonSet", "agent");
    cluster.kubectl("delete", "nodes", "--all");
    cluster.kubectl("delete", "pods", "-n", "census", "--all", "--force");
  }

  @Test
  void a_bare_pod_is_one_and_a_replication_controller_is_unknown() throws Exception {
    cluster.apply(
        """
        {apiVersion: v1, kind: Pod, metadata: {name: bare, namespace: census, labels: {app: bare}},
         spec: %s}
        """
            .formatted(POD.formatted("")));
    assertThat(count("bare")).isInstanceOf(Exactly.class).returns(1, ReplicaCount::number);
    delete("Pod", "bare");

    workload("v1", "ReplicationController", "old", "replicas: 2,", "");
    assertThat(count("old")).isInstanceOf(Unknown.class);
    delete("ReplicationController", "old");
  }

  @Test
  void a_stateful_set_that_a_custom_resource_owns_is_unknown() throws Exception {
    cluster.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: owner, namespace: census}}");
    workload("apps/v1", "StatefulSet", "member", "replicas: 1, serviceName: member,", "");
    String uid =
        cluster.kubectl(
            "get", "configmap", "owner", "-n", "census", "-o", "jsonpath={.metadata.uid}");
    cluster.kubectl(
        "patch",
        "statefulset",
        "member",
        "-n",
        "census",
        "--type=merge",
        "-p",
        """
        {"metadata": {"ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "owner",
          "uid": "%s", "controller": true}]}}
        """
            .formatted(uid));

    assertThat(count("member").describe()).contains("of the ConfigMap owner");
    delete("StatefulSet", "member");
  }

  @Test
  void each_right_of_the_manifest_is_needed_and_no_other() throws Exception {
    workload("apps/v1", "Deployment", "rights", "replicas: 1,", "");
    for (String right :
        List.of(
            "get pods",
            "get replicasets.apps",
            "get deployments.apps",
            "list horizontalpodautoscalers.autoscaling")) {
      grantAllBut(right);
      eventually()
          .until(() ->
              count("rights")
                  .describe()
                  .contains("may not `%s` in namespace census (403)".formatted(right)));
      rbac("census");
      eventually().until(() -> count("rights") instanceof Exactly);
    }
    delete("Deployment", "rights");
  }

  @Test
  void a_token_that_has_expired_or_is_of_another_cluster_and_a_wrong_ca_are_told_apart()
      throws Exception {
    workload("apps/v1", "Deployment", "tokens", "replicas: 1,", "");
    String pod = pod("tokens");
    Path ca = TestCertificates.get().ca();
    Instant soon = Instant.now().plusSeconds(3600);

    assertThat(source(pod, ca, token()).count()).get().isInstanceOf(Exactly.class);
    for (String token :
        List.of(
            cluster.token("census", "tidegate", Instant.now().minusSeconds(3600)),
            cluster.foreignToken("census", "tidegate", soon))) {
      assertThat(source(pod, ca, token).count().orElseThrow().describe()).contains("(401)");
    }
    assertThat(
            source(pod, TestCertificates.get().otherCa(), token()).count().orElseThrow().describe())
        .contains("does not prove itself by the CA");
    delete("Deployment", "tokens");
  }

  @Test
  void an_api_server_that_starts_hangs_or_is_away_raises_no_alarm() throws Exception {
    workload("apps/v1", "Deployment", "away", "replicas: 1, strategy: {type: Recreate},", "");
    String pod = pod("away");
    String token = token();
    var watching =
        new KubernetesReplicas(
            settings(pod, TestCertificates.get().ca(), token), Duration.ofSeconds(4));
    assertThat(watching.count()).get().isInstanceOf(Exactly.class);

    cluster.api().pause();
    assertThat(watching.count().orElseThrow().describe()).contains("which does not answer now");
    cluster.api().resume();
    for (int i = 0; i < 3; i++) {
      cluster.api().kill();
      assertThat(watching.count().orElseThrow().describe()).contains("which does not answer now");
      cluster.api().startWithoutWaiting();
      List<String> counts = new ArrayList<>();
      eventually()
          .pollInterval(Duration.ofMillis(10))
          .until(() -> {
            KubernetesReplicas first = source(pod, TestCertificates.get().ca(), token);
            counts.add(first.count().orElseThrow().describe());
            counts.add(watching.count().orElseThrow().describe());
            return counts
                .getLast()
                .equals("1 replica in Kubernetes (Deployment away: spec.replicas 1)");
          });
      assertThat(counts)
          .as("a server that starts refuses nobody")
          .noneMatch(one -> one.contains("may not") || one.contains("(401)"));
    }
    cluster.awaitApi();
    delete("Deployment", "away");
  }

  @Test
  void sqlite_is_refused_where_a_deployment_is_scaled_up_and_the_pod_tells_it() throws Exception {
    workload("apps/v1", "Deployment", "lite", "replicas: 1, strategy: {type: Recreate},", "");
    String pod = pod("lite");
    int port = Ports.free();
    Endpoints endpoints = new Endpoints(port);
    Files.createFile(folder.resolve("app.db"));
    Map<String, String> environment =
        new HashMap<>(settings(pod, TestCertificates.get().ca(), token()).environment());
    environment.put("TIDEGATE_TARGETS_DB_URL", "sqlite:///" + folder.resolve("app.db"));
    environment.put("TIDEGATE_WATCH_RECOUNT", "200ms");
    environment.put("TIDEGATE_HTTP_PORT", Integer.toString(port));
    try (TidegateProcess gate = TidegateProcess.start(environment, "run")) {
      eventually().until(() -> endpoints.code("/ready") == 200);

      cluster.kubectl("scale", "deployment/lite", "-n", "census", "--replicas=3");
      eventually().until(() -> endpoints.body("/status").contains("\"refused\":true"));
      assertThat(endpoints.code("/ready")).isEqualTo(200);
      try (TidegateProcess next = TidegateProcess.start(environment, "init")) {
        assertThat(next.exitCode()).as(next.output()).isEqualTo(78);
      }
      assertThat(cluster.kubectl("describe", "pod", pod, "-n", "census"))
          .contains("StartRefused", "sqlite-replicas", "spec.replicas 3");

      cluster.kubectl("scale", "deployment/lite", "-n", "census", "--replicas=1");
      eventually().until(() -> endpoints.body("/status").contains("\"refused\":false"));
      gate.terminate();
      assertThat(gate.exitCode()).isEqualTo(143);
    }
    delete("Deployment", "lite");
  }

  private static void namespace(String name) throws IOException {
    cluster.apply(
        Files.readString(Path.of("k8s/namespace.yaml")).replace("name: shop", "name: " + name));
    rbac(name);
  }

  private static void rbac(String namespace) throws IOException {
    cluster.apply(
        Files.readString(Path.of("k8s/rbac.yaml"))
            .replace("namespace: shop", "namespace: " + namespace));
  }

  /** As the manifest, without one of its rights. */
  private static void grantAllBut(String missing) {
    StringBuilder rules = new StringBuilder();
    for (String right : RbacManifest.rights()) {
      String[] words = right.split("[ .]", 3);
      if (!right.equals(missing)) {
        rules.append(
            "{apiGroups: [\"%s\"], resources: [%s], verbs: [%s]}, "
                .formatted(words.length > 2 ? words[2] : "", words[1], words[0]));
      }
    }
    cluster.apply(
        """
        {apiVersion: rbac.authorization.k8s.io/v1, kind: Role,
         metadata: {name: tidegate-census, namespace: census}, rules: [%s]}
        """
            .formatted(rules));
  }

  private static void workload(String version, String kind, String name, String spec, String pod) {
    String selector =
        kind.equals("Job")
            ? ""
            : kind.equals("ReplicationController")
                ? "selector: {app: %s},".formatted(name)
                : "selector: {matchLabels: {app: %s}},".formatted(name);
    cluster.apply(
        """
        {apiVersion: %s, kind: %s, metadata: {name: %s, namespace: census}, spec: {%s %s
          template: {metadata: {labels: {app: %s}}, spec: %s}}}
        """
            .formatted(version, kind, name, spec, selector, name, POD.formatted(pod).indent(4)));
  }

  private static void delete(String kind, String name) {
    census("delete", kind, name, "--wait=false");
  }

  /** A pod with that label, once its controller has made it. */
  private static String pod(String label) {
    String first = "jsonpath={.items[0].metadata.name}";
    return eventually()
        .ignoreExceptions()
        .until(
            () -> census("get", "pods", "-l", "app=" + label, "-o", first),
            name -> !name.isEmpty());
  }

  private static String census(String verb, String... arguments) {
    List<String> all = new ArrayList<>(List.of(verb, "-n", "census"));
    all.addAll(List.of(arguments));
    return cluster.kubectl(all.toArray(String[]::new));
  }

  private ReplicaCount count(String label) throws Exception {
    return source(pod(label), TestCertificates.get().ca(), token()).count().orElseThrow();
  }

  /** Of the account that the manifest gives its rights to. */
  private static String token() {
    return cluster.token("census", "tidegate", Instant.now().plusSeconds(3600));
  }

  private KubernetesReplicas source(String pod, Path ca, String token) throws IOException {
    return new KubernetesReplicas(settings(pod, ca, token), Cluster.PATIENT);
  }

  private ReplicaSettings settings(String pod, Path ca, String token) throws IOException {
    Path account = Files.createTempDirectory(folder, "account");
    new MountedAccount(account, ca, "census", token);
    return new ReplicaSettings(
        null,
        null,
        account,
        Map.of(
            "KUBERNETES_SERVICE_HOST",
            "127.0.0.1",
            "KUBERNETES_SERVICE_PORT",
            Integer.toString(cluster.api().port()),
            "TIDEGATE_KUBERNETES_SERVICE_ACCOUNT",
            account.toString(),
            "POD_NAME",
            pod));
  }

  /** Every controller has as many pods as it wants, so none was refused; then they are taken away. */
  private static void assertPodsOf(String namespace) {
    String pods =
        "jsonpath={range .items[*]}{.metadata.name} wants {.spec.replicas}{.spec.parallelism} has"
            + " {.status.replicas}{.status.active}{\"\\n\"}{end}";
    eventually()
        .until(() ->
            cluster
                .kubectl("get", "deployments,jobs", "-n", namespace, "-o", pods)
                .lines()
                .allMatch(ControlPlaneIT::hasItsPods));
    cluster.kubectl("delete", "deployments,jobs", "--all", "-n", namespace, "--wait=false");
    eventually()
        .until(() ->
            cluster.kubectl("get", "pods,replicasets", "-n", namespace, "-o", "name").isEmpty());
  }

  /** A rollout has more of them for a while. */
  private static boolean hasItsPods(String line) {
    Matcher numbers = Pattern.compile("\\S+ wants (\\d+) has (\\d+)").matcher(line);
    return numbers.matches()
        && Integer.parseInt(numbers.group(2)) >= Integer.parseInt(numbers.group(1));
  }

  private static String helm(String command, String... arguments) {
    List<String> all =
        new ArrayList<>(List.of(System.getProperty("tidegate.helm", ""), command, "-n", "chart"));
    all.addAll(List.of(arguments));
    return Program.run(
        Map.of("KUBECONFIG", cluster.kubeconfig().toString()), null, all.toArray(String[]::new));
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200));
  }
}
