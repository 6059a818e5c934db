package io.tidegate.manifest.platforms;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Dependency;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Container.Replicas;
import io.tidegate.manifest.stack.Container.SecurityContext;
import io.tidegate.manifest.stack.Container.ServiceHealthCheck;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.manifest.stack.Stack.Subject;
import io.tidegate.manifest.stack.Storage;
import io.tidegate.manifest.stack.Storage.Mount;
import io.tidegate.manifest.stack.Storage.MountType;
import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.Note;
import io.tidegate.source.SourceFile.SourceText;
import io.tidegate.source.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads task definitions of Amazon ECS, and the services that say how many of each run: as its API takes
 * and returns them, each in a file of its own or both in one.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html">task
 *     definition parameters</a>
 */
final class EcsReader {
  private static final Map<String, String> CONDITIONS =
      Map.of(
          "HEALTHY", Dependency.HEALTHY,
          "SUCCESS", Dependency.COMPLETED,
          "COMPLETE", Dependency.COMPLETED);

  private final List<Task> tasks = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();

  private record Task(YamlNode document, YamlNode node) {}

  private record Service(YamlNode document, YamlNode node) {
    /** Whether it runs a task: it names its family, perhaps with a revision, or stands beside it. */
    boolean runs(Task task) {
      String name = node.word("taskDefinition");
      String family = name.substring(name.lastIndexOf('/') + 1).replaceFirst(":\\d+$", "");
      return document.location().equals(task.document.location())
          || (!family.isEmpty() && family.equals(task.node.word("family")));
    }

    Replicas replicas() {
      SourceText strategy = node.text("schedulingStrategy");
      return strategy != null && strategy.value().equals("DAEMON")
          ? new Replicas(
              Integer.MAX_VALUE, "a DAEMON service runs one on each instance", strategy.location())
          : Replicas.declared("desiredCount", node.text("desiredCount"));
    }

    /**
     * Whether a deployment stops a task before it starts the next.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html">maximumPercent</a>
     */
    boolean recreates() {
      boolean daemon = node.word("schedulingStrategy").equals("DAEMON");
      return daemon
          || node.word("deploymentConfiguration", "maximumPercent").matches("\\d{1,2}|100");
    }
  }

  boolean add(YamlNode document) {
    YamlNode below = document.at("taskDefinition");
    YamlNode task = below instanceof YamlNode.Mapping ? below : document;
    boolean found = !task.items("containerDefinitions").isEmpty();
    if (found) {
      tasks.add(new Task(document, task));
    }
    List<YamlNode> candidates = new ArrayList<>(document.items("services"));
    candidates.add(document.at("service") instanceof YamlNode.Mapping one ? one : document);
    for (YamlNode service : candidates) {
      boolean names = service.text("taskDefinition") != null;
      if (names || (found && service.text("desiredCount") != null)) {
        services.add(new Service(document, service));
        found = true;
      }
    }
    return found;
  }

  /** Each task by itself: its containers reach each other, and those of other tasks by names of DNS. */
  List<Stack> stacks() {
    return tasks.stream().map(this::stack).toList();
  }

  List<Note> notes() {
    return services.stream()
        .filter(service -> tasks.stream().noneMatch(service::runs))
        .map(service ->
            new Note(
                Severity.NOTICE,
                service.node.location(),
                "is a service of ECS whose task definition is not among the files",
                "Name the file of its task definition too"))
        .toList();
  }

  private Stack stack(Task task) {
    List<Service> running = services.stream().filter(service -> service.runs(task)).toList();
    Replicas replicas = running.stream().map(Service::replicas).reduce(Replicas.ONE, Replicas::or);
    boolean recreates = running.stream().allMatch(Service::recreates);
    List<Container> containers = new ArrayList<>();
    for (YamlNode container : task.node.items("containerDefinitions")) {
      containers.add(container(task.node, container, replicas, recreates));
    }
    return new Stack(containers, List.of());
  }

  private static Container container(
      YamlNode task, YamlNode container, Replicas replicas, boolean recreates) {
    String name = container.word("name");
    SourceText named = container.text("name");
    String accepted = container.word("dockerLabels", Subject.ACCEPT);
    return new Container(
        new Subject(
            "task %s, container %s".formatted(task.word("family"), name),
            named == null ? container.location() : named.location(),
            accepted.isEmpty() ? List.of() : List.of(accepted)),
        Platform.ECS,
        name,
        hosts(task, name),
        isAwaitedToEnd(task, name) ? Container.Life.ONCE : Container.Life.SERVES,
        SourceFile.isForDevelopment(container.location().file()),
        replicas,
        container.text("image"),
        command(container),
        environment(container),
        new Storage(mounts(task, container), Map.of(), recreates),
        List.of(),
        health(container),
        memory(task, container),
        securityContext(container),
        dependencies(container));
  }

  /** In these modes all containers of a task have one network. */
  private static Set<String> hosts(YamlNode task, String name) {
    Set<String> hosts = new HashSet<>(Set.of(name));
    if (Set.of("awsvpc", "host").contains(task.word("networkMode"))) {
      hosts.addAll(Set.of("localhost", "127.0.0.1"));
    }
    return hosts;
  }

  private static boolean isAwaitedToEnd(YamlNode task, String name) {
    return task.items("containerDefinitions").stream()
        .flatMap(other -> other.items("dependsOn").stream())
        .anyMatch(on ->
            on.word("containerName").equals(name)
                && Dependency.COMPLETED.equals(CONDITIONS.get(on.word("condition"))));
  }

  private static List<SourceText> command(YamlNode container) {
    return Stream.of("entryPoint", "command")
        .flatMap(key -> container.values(key).stream())
        .toList();
  }

  private static List<Variable> environment(YamlNode container) {
    Map<String, Variable> variables = new LinkedHashMap<>();
    for (String key : List.of("environment", "secrets")) {
      for (YamlNode item : container.items(key)) {
        String name = item.word("name");
        variables.put(
            name, new Variable(name, item.location(), item.text("value"), Variable.Origin.INLINE));
      }
    }
    return List.copyOf(variables.values());
  }

  private static List<Mount> mounts(YamlNode task, YamlNode container) {
    List<Mount> mounts = new ArrayList<>();
    for (YamlNode point : container.items("mountPoints")) {
      String name = point.word("sourceVolume");
      MountType type =
          task.items("volumes").stream()
              .filter(volume -> volume.word("name").equals(name))
              .findFirst()
              .map(EcsReader::type)
              .orElse(MountType.OTHER);
      mounts.add(new Mount(type, name, point.word("containerPath"), point.location()));
    }
    for (YamlNode tmpfs : container.items("linuxParameters", "tmpfs")) {
      mounts.add(new Mount(MountType.TMPFS, "", tmpfs.word("containerPath"), tmpfs.location()));
    }
    return mounts;
  }

  /**
   * What a volume keeps.
   *
   * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_data_volumes.html">storage
   *     options</a>
   */
  private static MountType type(YamlNode volume) {
    if (volume.at("efsVolumeConfiguration") != null) {
      return MountType.VOLUME;
    }
    YamlNode docker = volume.at("dockerVolumeConfiguration");
    if (docker != null) {
      boolean local = Set.of("", "local").contains(docker.word("driver"));
      return docker.word("scope").equals("shared")
          ? local ? MountType.HOST : MountType.OTHER
          : MountType.OF_TASK;
    }
    if (!volume.word("host", "sourcePath").isEmpty()) {
      return MountType.HOST;
    }
    boolean elsewhere =
        volume.at("fsxWindowsFileServerVolumeConfiguration") != null
            || volume.isTrue("configuredAtLaunch");
    return elsewhere ? MountType.OTHER : MountType.OF_TASK;
  }

  private static List<ServiceHealthCheck> health(YamlNode container) {
    YamlNode check = container.at("healthCheck");
    return check == null
        ? List.of()
        : List.of(ServiceHealthCheck.ofDocker(check.at("command"), check.location()));
  }

  /** In MiB, of the container or else of all in the task. */
  private static @Nullable SourceText memory(YamlNode task, YamlNode container) {
    SourceText own = container.text("memory");
    SourceText limit = own != null ? own : task.text("memory");
    return limit == null || !limit.value().matches("\\d+")
        ? limit
        : limit.with(limit.value() + "m");
  }

  private static SecurityContext securityContext(YamlNode container) {
    return new SecurityContext(
        container.text("user"),
        false,
        container.isTrue("privileged") ? container.text("privileged") : null,
        container.isTrue("readonlyRootFilesystem"),
        container.texts("linuxParameters", "capabilities", "drop"));
  }

  private static List<Dependency> dependencies(YamlNode container) {
    return container.items("dependsOn").stream()
        .map(on ->
            new Dependency(
                on.word("containerName"),
                CONDITIONS.getOrDefault(on.word("condition"), "service_started"),
                on.location()))
        .toList();
  }
}
