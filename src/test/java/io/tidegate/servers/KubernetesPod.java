package io.tidegate.servers;

import static io.tidegate.servers.KubernetesObjects.autoscalers;
import static io.tidegate.servers.KubernetesObjects.controller;
import static io.tidegate.servers.KubernetesObjects.deployment;
import static io.tidegate.servers.KubernetesObjects.pod;
import static io.tidegate.servers.KubernetesObjects.workload;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * The only pod of a Deployment, with its service account and an API server that counts it: for the
 * training and the benchmarks, which need nothing of the repository but {@code src}.
 */
public final class KubernetesPod implements AutoCloseable {
  private static final String NAME = "web-5d9f-x7k2p";
  private static final String TOKEN = "token";

  private final KubernetesApi api;
  private final Path account;

  /** Mounts the service account in that empty folder. */
  public KubernetesPod(Path account) {
    this.account = account;
    new MountedAccount(account, TestCertificates.get().ca(), KubernetesApi.NAMESPACE, TOKEN);
    api =
        new KubernetesApi(
            Set.of(
                "get pods",
                "get replicasets.apps",
                "get deployments.apps",
                "list horizontalpodautoscalers.autoscaling"),
            TOKEN);
    api.put("pods/" + NAME, pod(NAME, controller("apps/v1", "ReplicaSet", "web-5d9f")));
    api.put(
        "replicasets/web-5d9f",
        workload(
            "apps/v1",
            "ReplicaSet",
            "web-5d9f",
            controller("apps/v1", "Deployment", "web"),
            "\"replicas\": 1"));
    api.put("deployments/web", deployment("web", 1, "{\"type\": \"Recreate\"}"));
    api.put("horizontalpodautoscalers", autoscalers());
  }

  /** What a program in the pod finds in its environment. */
  public Map<String, String> environment() {
    return Map.of(
        "TIDEGATE_KUBERNETES_SERVICE_ACCOUNT",
        account.toString(),
        "KUBERNETES_SERVICE_HOST",
        "127.0.0.1",
        "KUBERNETES_SERVICE_PORT",
        Integer.toString(api.port()),
        "HOSTNAME",
        NAME);
  }

  @Override
  public void close() {
    api.close();
  }
}
