package io.tidegate.replicas.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.program.Endpoints;
import io.tidegate.program.TidegateProcess;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaCount.AtLeast;
import io.tidegate.replicas.ReplicaCount.Exactly;
import io.tidegate.replicas.ReplicaCount.Unknown;
import io.tidegate.replicas.ReplicaCount.UpTo;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real control plane takes what we tell people to apply, and is counted rightly: {@code .ci/kubernetes}. */
@EnabledIfSystemProperty(named = "tidegate.kubernetes", matches = ".+")
class ControlPlaneIT extends ControlPlaneSuite {
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
  void a_bare_pod_is_one_and_a_replication_controller_is_counted_where_its_scale_may_be_read()
      throws Exception {
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
    grantScaleOf("", "replicationcontrollers");
    eventually().until(() -> count("old").number() == 2);
    delete("ReplicationController", "old");
    delete("Role", "scale");
  }

  @Test
  void a_custom_resource_is_counted_by_its_subresource_scale_where_that_may_be_read()
      throws Exception {
    cluster.apply(
        """
        {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition,
         metadata: {name: fleets.example.com},
         spec: {group: example.com, scope: Namespaced, names: {kind: Fleet, plural: fleets}, versions: [{
           name: v1beta1, served: true, storage: true,
           schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}},
           subresources: {status: {}, scale: {specReplicasPath: .spec.size,
             statusReplicasPath: .status.size, labelSelectorPath: .status.selector}}}]}}
        """);
    cluster.kubectl("wait", "--for=condition=Established", "crd/fleets.example.com");
    eventually().ignoreExceptions().until(() -> census("get", "fleets").isEmpty());
    cluster.apply(
        """
        {apiVersion: example.com/v1beta1, kind: Fleet, metadata: {name: fleet, namespace: census},
         spec: {size: 3}}
        """);
    workload("apps/v1", "ReplicaSet", "fleet", "replicas: 1,", "");
    own("replicaset", "fleet", "example.com/v1beta1", "Fleet", "fleet");

    String right = "get fleets.example.com --subresource=scale";
    assertThat(count("fleet"))
        .isInstanceOf(Unknown.class)
        .extracting(ReplicaCount::describe)
        .asString()
        .contains("may not `%s` in namespace census (403)".formatted(right));

    grantScaleOf("example.com", "fleets");
    eventually().until(() -> count("fleet").describe().contains("selects this pod"));
    census(
        "patch",
        "fleet",
        "fleet",
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\": {\"size\": 1, \"selector\": \"app=fleet\"}}");
    assertThat(count("fleet")).isInstanceOf(Exactly.class).returns(3, ReplicaCount::number);
    assertThat(
            cluster.kubectl(
                "auth",
                "can-i",
                "get",
                "fleets.example.com",
                "--subresource=scale",
                "-n",
                "census",
                "--as=system:serviceaccount:census:tidegate"))
        .isEqualToIgnoringNewLines("yes");

    census("scale", "fleet/fleet", "--replicas=1");
    assertThat(count("fleet"))
        .isInstanceOfSatisfying(Exactly.class, one -> assertThat(one.surge()).isEqualTo(1))
        .returns(1, ReplicaCount::number);
    for (String version : List.of("autoscaling/v1", "autoscaling/v2")) {
      cluster.apply(
          """
          {apiVersion: %s, kind: HorizontalPodAutoscaler, metadata: {name: fleet, namespace: census},
           spec: {maxReplicas: 6, scaleTargetRef: {
             apiVersion: example.com/v1beta1, kind: Fleet, name: fleet}}}
          """
              .formatted(version));
      assertThat(count("fleet")).isInstanceOf(UpTo.class).returns(6, ReplicaCount::number);
      census("delete", "hpa", "fleet");
    }
    census("delete", "fleet", "fleet");
    census("delete", "replicaset", "fleet", "--ignore-not-found");
    delete("Role", "scale");
    cluster.kubectl("delete", "crd", "fleets.example.com");
  }

  @Test
  void a_stateful_set_that_a_custom_resource_owns_is_unknown() throws Exception {
    cluster.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: owner, namespace: census}}");
    workload("apps/v1", "StatefulSet", "member", "replicas: 1, serviceName: member,", "");
    own("statefulset", "member", "v1", "ConfigMap", "owner");

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
  void a_count_follows_the_token_while_it_watches() throws Exception {
    workload("apps/v1", "Deployment", "rotated", "replicas: 1, strategy: {type: Recreate},", "");
    cluster.apply("{apiVersion: v1, kind: Secret, metadata: {name: bound, namespace: census}}");
    Path ca = TestCertificates.get().ca();
    var account =
        new MountedAccount(
            Files.createTempDirectory(folder, "account"),
            ca,
            "census",
            issued("--bound-object-kind=Secret", "--bound-object-name=bound"));
    int port = Ports.free();
    Endpoints endpoints = new Endpoints(port);
    Files.createFile(folder.resolve("app.db"));
    Map<String, String> environment =
        new HashMap<>(settings(pod("rotated"), account).environment());
    environment.put("TIDEGATE_TARGETS_DB_URL", "sqlite:///" + folder.resolve("app.db"));
    environment.put("TIDEGATE_WATCH_RECOUNT", "200ms");
    environment.put("TIDEGATE_HTTP_PORT", Integer.toString(port));
    try (TidegateProcess gate = TidegateProcess.start(environment, "run")) {
      eventually().until(() -> endpoints.code("/ready") == 200 || !gate.running());
      assertThat(gate.running()).as(gate.output()).isTrue();
      assertThat(endpoints.body("/status")).contains("Deployment rotated: spec.replicas 1");

      // The server forgets within ten seconds that it took the token.
      census("delete", "secret", "bound");
      eventually().until(() -> endpoints.body("/status").contains("(401)"));
      assertThat(endpoints.body("/status")).contains("\"refused\":true");

      account.rotate(ca, "census", issued());
      eventually().until(() -> endpoints.body("/status").contains("\"refused\":false"));
      assertThat(endpoints.body("/status"))
          .contains("Deployment rotated: spec.replicas 1")
          .doesNotContain("(401)");

      account.rotate(
          ca, "census", cluster.token("census", "tidegate", Instant.now().minusSeconds(60)));
      eventually().until(() -> endpoints.body("/status").contains("(401)"));
      account.rotate(ca, "census", issued());
      eventually().until(() -> endpoints.body("/status").contains("\"refused\":false"));
      assertThat(endpoints.code("/ready")).isEqualTo(200);
      gate.terminate();
      assertThat(gate.exitCode()).isEqualTo(143);
    }
    delete("Deployment", "rotated");
  }

  @Test
  void a_token_ends_with_the_pod_that_it_is_bound_to_and_with_its_time() throws Exception {
    workload("apps/v1", "Deployment", "bound", "replicas: 1,", "");
    String pod = pod("bound");
    cluster.apply(
        """
        {apiVersion: v1, kind: Pod, metadata: {name: holder, namespace: census}, spec: %s}
        """
            .formatted(POD.formatted("")));
    Path ca = TestCertificates.get().ca();
    KubernetesReplicas ofPod =
        source(pod, ca, issued("--bound-object-kind=Pod", "--bound-object-name=holder"));
    Instant end = Instant.now().plusSeconds(8);
    KubernetesReplicas shortLived = source(pod, ca, cluster.token("census", "tidegate", end));
    assertThat(ofPod.count()).get().isInstanceOf(Exactly.class);
    assertThat(shortLived.count()).get().isInstanceOf(Exactly.class);

    census("delete", "pod", "holder", "--force", "--grace-period=0");
    for (KubernetesReplicas ended : List.of(ofPod, shortLived)) {
      eventually().until(() -> ended.count().orElseThrow().describe().contains("(401)"));
    }
    delete("Deployment", "bound");
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

  /** Of a kind that is not in the manifest. */
  private static void grantScaleOf(String group, String plural) {
    cluster.apply(
        """
        {apiVersion: v1, kind: List, items: [
         {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: scale, namespace: census},
          rules: [{apiGroups: ["%s"], resources: [%s/scale], verbs: [get]}]},
         {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding,
          metadata: {name: scale, namespace: census},
          roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: scale},
          subjects: [{kind: ServiceAccount, name: tidegate, namespace: census}]}]}
        """
            .formatted(group, plural));
  }

  /** Makes an object the controller of another one. */
  private static void own(
      String owned, String name, String version, String ownerKind, String owner) {
    String uid = census("get", ownerKind, owner, "-o", "jsonpath={.metadata.uid}");
    census(
        "patch",
        owned,
        name,
        "--type=merge",
        "-p",
        """
        {"metadata": {"ownerReferences": [{"apiVersion": "%s", "kind": "%s", "name": "%s",
          "uid": "%s", "controller": true}]}}
        """
            .formatted(version, ownerKind, owner, uid));
  }

  /** A token that the server has issued, bound to what these options name. */
  private static String issued(String... bound) {
    List<String> all = new ArrayList<>(List.of("token", "tidegate", "--duration=10m"));
    all.addAll(List.of(bound));
    return census("create", all.toArray(String[]::new)).strip();
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
}
