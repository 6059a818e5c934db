package io.tidegate.replicas.kubernetes;

import static io.tidegate.servers.KubernetesObjects.controller;
import static io.tidegate.servers.KubernetesObjects.workload;

import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaSettings;
import io.tidegate.servers.KubernetesApi;
import io.tidegate.servers.KubernetesObjects;
import io.tidegate.servers.MountedAccount;
import io.tidegate.servers.RbacManifest;
import io.tidegate.servers.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A pod with its service account, and the API server that it can ask. */
final class Cluster implements AutoCloseable {
  static final String POD = "web-5d9f-x7k2p";
  static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.canary-one.c2lnbmF0dXJl";
  static final Duration PATIENT = Duration.ofSeconds(20);

  private final KubernetesApi api;
  private final MountedAccount account;
  private final KubernetesReplicas source;

  Cluster(Path folder) {
    this(folder, new KubernetesApi(RbacManifest.rights(), TOKEN), PATIENT);
  }

  Cluster(Path folder, KubernetesApi api, Duration timeout) {
    this.api = api;
    this.account =
        new MountedAccount(
            folder, TestCertificates.get().ca(), KubernetesApi.NAMESPACE, TOKEN + "\n");
    autoscalers();
    this.source = source(Map.of(), timeout);
  }

  KubernetesApi api() {
    return api;
  }

  MountedAccount account() {
    return account;
  }

  /** Counts by one source, which remembers what it was told before. */
  ReplicaCount count() throws InterruptedException {
    return source.count().orElseThrow();
  }

  /** A new source, with these variables too. */
  KubernetesReplicas source(Map<String, String> more) {
    return source(more, PATIENT);
  }

  /** The same with another time-out. */
  KubernetesReplicas source(Map<String, String> more, Duration timeout) {
    return new KubernetesReplicas(settings(more), timeout);
  }

  /** What the pod's container sees, with these variables too. */
  ReplicaSettings settings(Map<String, String> more) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "KUBERNETES_SERVICE_HOST",
                "127.0.0.1",
                "KUBERNETES_SERVICE_PORT",
                Integer.toString(api.port()),
                "HOSTNAME",
                POD));
    environment.putAll(more);
    return new ReplicaSettings(null, null, account.folder(), environment);
  }

  /** The pod, under these owners. */
  void pod(String... owners) {
    api.put("pods/" + POD, KubernetesObjects.pod(POD, owners));
  }

  /** The pod, its ReplicaSet, and this Deployment {@code web}. */
  void web(String deployment) {
    pod(controller("apps/v1", "ReplicaSet", "web-5d9f"));
    api.put(
        "replicasets/web-5d9f",
        workload(
            "apps/v1",
            "ReplicaSet",
            "web-5d9f",
            controller("apps/v1", "Deployment", "web"),
            "\"replicas\": 1"));
    api.put("deployments/web", deployment);
  }

  void autoscalers(String... items) {
    api.put("horizontalpodautoscalers", KubernetesObjects.autoscalers(items));
  }

  @Override
  public void close() {
    api.close();
  }
}
