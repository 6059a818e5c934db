package io.tidegate.manifest.kubernetes;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.HealthCheckType;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Container.PublishedPort;
import io.tidegate.manifest.stack.Container.Replicas;
import io.tidegate.manifest.stack.Container.SecurityContext;
import io.tidegate.manifest.stack.Container.ServiceHealthCheck;
import io.tidegate.manifest.stack.ShellWords;
import io.tidegate.manifest.stack.Stack.Subject;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.SourceText;
import io.tidegate.source.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the containers of one workload's pods. */
final class WorkloadReader {
  private static final String SECURITY = "securityContext";

  private final Cluster cluster;
  private final KubernetesObject workload;

  WorkloadReader(Cluster cluster, KubernetesObject workload) {
    this.cluster = cluster;
    this.workload = workload;
  }

  List<Container> read() {
    YamlNode template = workload.template();
    YamlNode pod = template == null ? null : template.at("spec");
    if (template == null || pod == null) {
      return List.of();
    }
    Replicas replicas = replicas();
    List<KubernetesObject> services = cluster.services(workload, template);
    List<Container> containers = new ArrayList<>();
    for (YamlNode container : pod.items("initContainers")) {
      boolean sidecar = container.word("restartPolicy").equals("Always");
      containers.add(
          container(
              template,
              pod,
              container,
              replicas,
              services,
              sidecar ? Container.Life.SERVES : Container.Life.ONCE));
    }
    // A pod by itself, as a test of Helm is.
    boolean once = workload.runsOnce() || pod.word("restartPolicy").matches("Never|OnFailure");
    Container.Life life = once ? Container.Life.ONCE : Container.Life.SERVES;
    for (YamlNode container : pod.items("containers")) {
      containers.add(container(template, pod, container, replicas, services, life));
    }
    return containers;
  }

  private Container container(
      YamlNode template,
      YamlNode pod,
      YamlNode container,
      Replicas replicas,
      List<KubernetesObject> services,
      Container.Life life) {
    YamlNode.Entry named = container.map().get("name");
    Location location = named == null ? container.location() : named.key();
    String label = workload.label() + ", container " + container.word("name");
    return new Container(
        new Subject(label, location, workload.annotationsOrLabels(template, Subject.ACCEPT)),
        Platform.KUBERNETES,
        workload.name(),
        hosts(services),
        life,
        SourceFile.isForDevelopment(workload.file()),
        replicas,
        container.text("image"),
        command(container),
        new EnvironmentReader(cluster, workload).read(container),
        new VolumeReader(cluster, workload).read(pod, container),
        ports(pod, container, services),
        health(container),
        container.text("resources", "limits", "memory"),
        securityContext(pod, container),
        List.of());
  }

  /** How many pods there may be: declared, or by an autoscaler. */
  private Replicas replicas() {
    if (workload.kind().equals("DaemonSet")) {
      return new Replicas(
          Integer.MAX_VALUE, "a DaemonSet runs one on each node", workload.location());
    }
    if (workload.isKnativeService()) {
      return knativeReplicas();
    }
    String key = workload.kind().equals("Job") ? "parallelism" : "replicas";
    Replicas replicas = Replicas.declared("spec." + key, workload.node().text("spec", key));
    for (KubernetesObject rollout : cluster.all("Rollout")) {
      YamlNode target = rollout.node().at("spec", "workloadRef");
      if (target != null && rollout.isIn(workload.namespace()) && isMeant(target)) {
        replicas =
            replicas.or(
                Replicas.declared(
                    "spec.replicas of Rollout " + rollout.name(),
                    rollout.node().text("spec", "replicas")));
      }
    }
    return replicas
        .or(scaled("HorizontalPodAutoscaler", "maxReplicas"))
        .or(scaled("ScaledObject", "maxReplicaCount"));
  }

  /**
   * Without a bound of its own it runs as many as the load asks for.
   *
   * @see <a href="https://knative.dev/docs/serving/autoscaling/scale-bounds/">Knative: scale bounds</a>
   */
  private Replicas knativeReplicas() {
    YamlNode template = workload.node().at("spec", "template");
    for (String name : List.of("max-scale", "maxScale")) {
      String key = "autoscaling.knative.dev/" + name;
      SourceText most = template == null ? null : template.text("metadata", "annotations", key);
      if (most != null && !most.value().equals("0")) {
        return Replicas.declared(key, most);
      }
    }
    return new Replicas(
        Integer.MAX_VALUE, "Knative scales it without a bound", workload.location());
  }

  private Replicas scaled(String kind, String key) {
    List<KubernetesObject> scalers =
        cluster.all(kind).stream()
            .filter(scaler -> scaler.isIn(workload.namespace()) && targets(scaler))
            .toList();
    Replicas replicas = Replicas.ONE;
    for (KubernetesObject scaler : Cluster.nearest(workload, scalers)) {
      String where = "%s of %s %s".formatted(key, kind, scaler.name());
      SourceText most = scaler.node().text("spec", key);
      replicas =
          replicas.or(
              most == null && kind.equals("ScaledObject")
                  ? new Replicas(100, where + " is not set, which means 100", scaler.location())
                  : Replicas.declared(where, most));
    }
    return replicas;
  }

  private boolean targets(KubernetesObject scaler) {
    YamlNode target = scaler.node().at("spec", "scaleTargetRef");
    return target != null && isMeant(target);
  }

  /** KEDA takes a Deployment where no kind is named. */
  private boolean isMeant(YamlNode target) {
    return (target.word("kind").equals(workload.kind())
            || (target.word("kind").isEmpty() && workload.kind().equals("Deployment")))
        && target.word("name").equals(workload.name());
  }

  private Set<String> hosts(List<KubernetesObject> services) {
    Set<String> hosts = new HashSet<>();
    services.forEach(service -> hosts.add(service.name()));
    hosts.add(workload.node().word("spec", "serviceName"));
    hosts.remove("");
    if (!workload.namespace().isEmpty()) {
      List.copyOf(hosts).forEach(host -> hosts.add(host + "." + workload.namespace()));
    }
    // A StatefulSet's pods have names of their own in front of the service's.
    Set<String> all = new HashSet<>(hosts);
    if (workload.kind().equals("StatefulSet")) {
      hosts.forEach(host -> all.add(workload.name() + "-0." + host));
    }
    return all;
  }

  private static List<SourceText> command(YamlNode container) {
    return Stream.of("command", "args").flatMap(key -> container.values(key).stream()).toList();
  }

  private static List<PublishedPort> ports(
      YamlNode pod, YamlNode container, List<KubernetesObject> services) {
    List<PublishedPort> ports = new ArrayList<>();
    for (YamlNode port : container.items("ports")) {
      SourceText host = port.text("hostPort");
      if (host != null) {
        String address = port.word("hostIP");
        ports.add(
            new PublishedPort(
                "hostPort is " + host.value(),
                address.isEmpty() || address.equals("0.0.0.0"),
                host.location()));
      }
    }
    SourceText network = pod.text("hostNetwork");
    if (network != null && pod.isTrue("hostNetwork")) {
      ports.add(new PublishedPort("hostNetwork is true", true, network.location()));
    }
    for (KubernetesObject service : services) {
      SourceText type = service.node().text("spec", "type");
      if (type != null
          && (type.value().equals("NodePort") || type.value().equals("LoadBalancer"))) {
        ports.add(
            new PublishedPort(
                "Service %s is of type %s".formatted(service.name(), type.value()),
                true,
                type.location()));
      }
    }
    return ports;
  }

  private static List<ServiceHealthCheck> health(YamlNode container) {
    YamlNode.Entry probe = container.map().get("readinessProbe");
    if (probe == null) {
      return List.of();
    }
    YamlNode check = probe.value();
    Location location = probe.key();
    if (check.at("exec") != null) {
      List<String> words = new ArrayList<>();
      for (YamlNode item : check.items("exec", "command")) {
        SourceText word = item.text();
        words.addAll(
            word == null
                ? List.of()
                : words.contains("-c") ? ShellWords.split(word.value()) : List.of(word.value()));
      }
      return List.of(new ServiceHealthCheck(HealthCheckType.COMMAND, words, location));
    }
    HealthCheckType kind =
        check.at("tcpSocket") != null
            ? HealthCheckType.TCP
            : check.at("grpc") != null ? HealthCheckType.GRPC : HealthCheckType.HTTP;
    return List.of(new ServiceHealthCheck(kind, List.of(), location));
  }

  private static SecurityContext securityContext(YamlNode pod, YamlNode container) {
    SourceText own = container.text(SECURITY, "runAsUser");
    SourceText user = own != null ? own : pod.text(SECURITY, "runAsUser");
    YamlNode saysSo = container.word(SECURITY, "runAsNonRoot").isEmpty() ? pod : container;
    boolean mustNotBeRoot = saysSo.isTrue(SECURITY, "runAsNonRoot");
    @Nullable SourceText privileged =
        container.isTrue(SECURITY, "privileged") ? container.text(SECURITY, "privileged") : null;
    return new SecurityContext(
        user,
        mustNotBeRoot,
        privileged,
        container.isTrue(SECURITY, "readOnlyRootFilesystem"),
        container.texts(SECURITY, "capabilities", "drop"));
  }
}
