package io.tidegate.replicas.kubernetes;

import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaSettings;
import io.tidegate.servers.ControlPlane;
import io.tidegate.servers.MountedAccount;
import io.tidegate.servers.Program;
import io.tidegate.servers.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A real control plane with our namespaces and rights in it: {@code .ci/kubernetes}. */
abstract class ControlPlaneSuite {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A pod that the standard "restricted" admits, with these fields besides. */
  static final String POD =
      """
      {serviceAccountName: tidegate, %s
       securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}},
       containers: [{name: app, image: "example/app:1.0", securityContext: {
         allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}
      """;

  static ControlPlane cluster;

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

  static void namespace(String name) throws IOException {
    cluster.apply(
        Files.readString(Path.of("k8s/namespace.yaml")).replace("name: shop", "name: " + name));
    rbac(name);
  }

  static void rbac(String namespace) throws IOException {
    cluster.apply(
        Files.readString(Path.of("k8s/rbac.yaml"))
            .replace("namespace: shop", "namespace: " + namespace));
  }

  static void workload(String version, String kind, String name, String spec, String pod) {
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

  static void delete(String kind, String name) {
    census("delete", kind, name, "--wait=false");
  }

  /** A pod with that label, once its controller has made it. */
  static String pod(String label) {
    String first = "jsonpath={.items[0].metadata.name}";
    return eventually()
        .ignoreExceptions()
        .until(
            () -> census("get", "pods", "-l", "app=" + label, "-o", first),
            name -> !name.isEmpty());
  }

  static String census(String verb, String... arguments) {
    List<String> all = new ArrayList<>(List.of(verb, "-n", "census"));
    all.addAll(List.of(arguments));
    return cluster.kubectl(all.toArray(String[]::new));
  }

  final ReplicaCount count(String label) throws Exception {
    return source(pod(label), TestCertificates.get().ca(), token()).count().orElseThrow();
  }

  /** Of the account that the manifest gives its rights to. */
  static String token() {
    return cluster.token("census", "tidegate", Instant.now().plusSeconds(3600));
  }

  final KubernetesReplicas source(String pod, Path ca, String token) throws IOException {
    return new KubernetesReplicas(settings(pod, ca, token), Cluster.PATIENT);
  }

  final ReplicaSettings settings(String pod, Path ca, String token) throws IOException {
    return settings(
        pod, new MountedAccount(Files.createTempDirectory(folder, "account"), ca, "census", token));
  }

  /** What a container of that pod sees, whose account can be rotated. */
  static ReplicaSettings settings(String pod, MountedAccount account) {
    return new ReplicaSettings(
        null,
        null,
        account.folder(),
        Map.of(
            "KUBERNETES_SERVICE_HOST",
            "127.0.0.1",
            "KUBERNETES_SERVICE_PORT",
            Integer.toString(cluster.api().port()),
            "TIDEGATE_KUBERNETES_SERVICE_ACCOUNT",
            account.folder().toString(),
            "POD_NAME",
            pod));
  }

  static String helm(String command, String... arguments) {
    List<String> all =
        new ArrayList<>(List.of(System.getProperty("tidegate.helm", ""), command, "-n", "chart"));
    all.addAll(List.of(arguments));
    return Program.run(
        Map.of("KUBECONFIG", cluster.kubeconfig().toString()), null, all.toArray(String[]::new));
  }

  static ConditionFactory eventually() {
    return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200));
  }
}
