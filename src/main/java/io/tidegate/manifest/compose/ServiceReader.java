package io.tidegate.manifest.compose;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Dependency;
import io.tidegate.manifest.stack.Container.HealthCheckType;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Container.PublishedPort;
import io.tidegate.manifest.stack.Container.Replicas;
import io.tidegate.manifest.stack.Container.SecurityContext;
import io.tidegate.manifest.stack.Container.ServiceHealthCheck;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.ShellWords;
import io.tidegate.manifest.stack.Stack.Subject;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.SourceText;
import io.tidegate.source.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one service, complete and in its long syntax. */
final class ServiceReader {
  private static final Set<String> EVERY_INTERFACE = Set.of("", "0.0.0.0", "::", "[::]");
  private static final Set<String> DEVELOPMENT_PROFILES =
      Set.of("dev", "development", "local", "test", "debug");

  private final YamlNode project;
  private final SourceFile file;
  private final boolean development;
  private final StorageReader storage;

  ServiceReader(YamlNode project, SourceFile file, boolean development) {
    this.project = project;
    this.file = file;
    this.development = development;
    storage = new StorageReader(project, file);
  }

  Container read(String name, Location location, YamlNode.Mapping service) {
    return new Container(
        subject(name, location, service),
        Platform.COMPOSE,
        name,
        hosts(name, service),
        isAwaitedToEnd(name) ? Container.Life.ONCE : Container.Life.SERVES,
        development || startsForDevelopersOnly(service),
        replicas(service),
        service.text("image"),
        command(service),
        environment(service),
        storage.read(service),
        ports(service),
        health(service),
        memory(service),
        securityContext(service),
        dependencies(service));
  }

  private static boolean startsForDevelopersOnly(YamlNode service) {
    List<String> profiles = service.texts("profiles");
    return !profiles.isEmpty() && DEVELOPMENT_PROFILES.containsAll(profiles);
  }

  private static Subject subject(String name, Location location, YamlNode service) {
    List<String> acceptances = new ArrayList<>();
    for (YamlNode labels : labels(service)) {
      String accepted = labels.word(Subject.ACCEPT);
      if (!accepted.isEmpty()) {
        acceptances.add(accepted);
      }
    }
    return new Subject("service " + name, location, acceptances);
  }

  private static List<YamlNode> labels(YamlNode service) {
    List<YamlNode> labels = new ArrayList<>();
    for (YamlNode there :
        new @Nullable YamlNode[] {service.at("labels"), service.at("annotations")}) {
      if (there != null) {
        labels.add(there);
      }
    }
    return labels;
  }

  private static Set<String> hosts(String name, YamlNode service) {
    Set<String> hosts = new HashSet<>();
    hosts.add(name);
    hosts.add(service.word("container_name"));
    hosts.add(service.word("hostname"));
    for (YamlNode.Entry network : service.entries("networks").values()) {
      hosts.addAll(network.value().texts("aliases"));
    }
    hosts.remove("");
    return hosts;
  }

  private boolean isAwaitedToEnd(String name) {
    return project.entries("services").values().stream()
        .anyMatch(other ->
            other.value().word("depends_on", name, "condition").equals(Dependency.COMPLETED));
  }

  private static Replicas replicas(YamlNode service) {
    Replicas replicas = Replicas.ONE;
    if (service.word("deploy", "mode").equals("global")) {
      SourceText mode = service.text("deploy", "mode");
      replicas =
          new Replicas(
              Integer.MAX_VALUE,
              "deploy.mode is global: one on each node",
              mode == null ? null : mode.location());
    }
    return replicas
        .or(Replicas.declared("deploy.replicas", service.text("deploy", "replicas")))
        .or(Replicas.declared("scale", service.text("scale")));
  }

  private static List<SourceText> command(YamlNode service) {
    List<SourceText> words = new ArrayList<>();
    for (String key : List.of("entrypoint", "command")) {
      SourceText line = service.text(key);
      if (line != null) {
        ShellWords.split(line.value()).forEach(word -> words.add(line.with(word)));
      }
      words.addAll(service.values(key));
    }
    return words;
  }

  private List<Variable> environment(YamlNode service) {
    Map<String, Variable> variables = new LinkedHashMap<>();
    for (String name : envFiles(service)) {
      file.beside(name).stream()
          .flatMap(text -> ComposeVariables.envFile(text).stream())
          .forEach(line ->
              variables.put(
                  line.name(),
                  new Variable(
                      line.name(),
                      line.location(),
                      SourceText.of(line.value(), line.location()),
                      Variable.Origin.ENV_FILE)));
    }
    Variable.inline(service.entries("environment"))
        .forEach(variable -> variables.put(variable.name(), variable));
    return List.copyOf(variables.values());
  }

  private static List<String> envFiles(YamlNode service) {
    List<String> files = new ArrayList<>();
    files.add(service.word("env_file"));
    service.items("env_file").forEach(item -> files.add(item.wordOrAt("path")));
    return files;
  }

  /**
   * What it publishes on its host.
   *
   * @see <a href="https://docs.docker.com/reference/compose-file/services/#ports">ports</a>
   */
  private static List<PublishedPort> ports(YamlNode service) {
    List<PublishedPort> ports = new ArrayList<>();
    for (YamlNode item : service.items("ports")) {
      if (item instanceof YamlNode.Scalar scalar) {
        ports.add(shortPort(scalar.text(), scalar.location()));
      } else {
        ports.add(longPort(item));
      }
    }
    SourceText mode = service.text("network_mode");
    if (mode != null && mode.value().equals("host")) {
      ports.add(new PublishedPort("network_mode is host", true, mode.location()));
    }
    return ports;
  }

  /** {@code [HOST:][PUBLISHED:]TARGET[/PROTOCOL]}. */
  private static PublishedPort shortPort(String text, Location location) {
    String[] parts = text.replaceAll("^\\[.*]:", "IPV6:").split(":", -1);
    String host = "";
    if (text.startsWith("[")) {
      host = text.substring(0, text.indexOf(']') + 1);
    } else if (parts.length > 2) {
      host = parts[0];
    }
    return new PublishedPort("ports has " + text, EVERY_INTERFACE.contains(host), location);
  }

  private static PublishedPort longPort(YamlNode item) {
    String host = item.word("host_ip");
    String target = item.word("target");
    SourceText published = item.text("published");
    return new PublishedPort(
        "ports has target " + target,
        EVERY_INTERFACE.contains(host),
        published == null ? item.location() : published.location());
  }

  private static List<ServiceHealthCheck> health(YamlNode service) {
    YamlNode.Entry check = service.entries().get("healthcheck");
    if (check == null) {
      return List.of();
    }
    YamlNode.Entry test = check.value().map().get("test");
    Location location = test == null ? check.key() : test.key();
    return List.of(
        check.value().isTrue("disable")
            ? new ServiceHealthCheck(HealthCheckType.DISABLED, List.of(), location)
            : ServiceHealthCheck.ofDocker(test == null ? null : test.value(), location));
  }

  private static @Nullable SourceText memory(YamlNode service) {
    SourceText limit = service.text("deploy", "resources", "limits", "memory");
    return limit != null ? limit : service.text("mem_limit");
  }

  private static SecurityContext securityContext(YamlNode service) {
    SourceText privileged = service.isTrue("privileged") ? service.text("privileged") : null;
    return new SecurityContext(
        service.text("user"),
        false,
        privileged,
        service.isTrue("read_only"),
        service.texts("cap_drop"));
  }

  private static List<Dependency> dependencies(YamlNode service) {
    List<Dependency> dependencies = new ArrayList<>();
    service
        .entries("depends_on")
        .forEach((name, entry) -> {
          String condition = entry.value().word("condition");
          dependencies.add(
              new Dependency(
                  name, condition.isEmpty() ? "service_started" : condition, entry.key()));
        });
    return dependencies;
  }
}
