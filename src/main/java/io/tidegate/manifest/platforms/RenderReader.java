package io.tidegate.manifest.platforms;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Container.Replicas;
import io.tidegate.manifest.stack.Container.SecurityContext;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.ShellWords;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.manifest.stack.Stack.Subject;
import io.tidegate.manifest.stack.Storage;
import io.tidegate.manifest.stack.Storage.Mount;
import io.tidegate.manifest.stack.Storage.MountType;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.SourceText;
import io.tidegate.source.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Blueprint of Render. Its own Key Value counts as the Valkey that it is: what the free plan
 * holds is gone when it restarts, the others keep it.
 *
 * @see <a href="https://render.com/docs/blueprint-spec">Blueprint specification</a>
 * @see <a href="https://render.com/docs/key-value">Key Value</a>
 */
final class RenderReader {
  private static final Set<String> KEY_VALUE = Set.of("keyvalue", "redis");
  private static final Set<String> SERVICES = Set.of("web", "pserv", "worker", "cron");

  private final List<Stack> stacks = new ArrayList<>();

  boolean add(YamlNode document) {
    List<YamlNode> services = new ArrayList<>(document.items("services"));
    services.addAll(document.items("ungrouped", "services"));
    List<YamlNode> groups = new ArrayList<>(document.items("envVarGroups"));
    for (YamlNode project : document.items("projects")) {
      for (YamlNode environment : project.items("environments")) {
        services.addAll(environment.items("services"));
        groups.addAll(environment.items("envVarGroups"));
      }
    }
    List<Container> containers = new ArrayList<>();
    for (YamlNode service : services) {
      String type = service.word("type");
      if (KEY_VALUE.contains(type)) {
        containers.add(keyValue(service));
      } else if (SERVICES.contains(type)) {
        containers.add(service(service, groups));
      }
    }
    if (!containers.isEmpty()) {
      stacks.add(new Stack(containers, List.of()));
    }
    return !containers.isEmpty() || !document.items("databases").isEmpty();
  }

  List<Stack> stacks() {
    return List.copyOf(stacks);
  }

  private static Container service(YamlNode service, List<YamlNode> groups) {
    List<Mount> mounts = new ArrayList<>();
    YamlNode disk = service.at("disk");
    if (disk != null) {
      mounts.add(
          new Mount(MountType.VOLUME, disk.word("name"), disk.word("mountPath"), disk.location()));
    }
    Replicas replicas =
        Replicas.declared("numInstances", service.text("numInstances"))
            .or(Replicas.declared("scaling.maxInstances", service.text("scaling", "maxInstances")));
    List<SourceText> command = new ArrayList<>();
    for (String key : List.of("dockerCommand", "startCommand")) {
      SourceText line = service.text(key);
      if (line != null) {
        ShellWords.split(line.value()).forEach(word -> command.add(line.with(word)));
      }
    }
    return container(
        service,
        replicas,
        service.text("image", "url"),
        command,
        variables(service, groups),
        mounts);
  }

  private static Container keyValue(YamlNode service) {
    boolean keeps = !service.word("plan").equals("free");
    Location location = service.location();
    SourceText policy = service.text("maxmemoryPolicy");
    // Each plan has a limit of its own, whose size does not matter here.
    List<SourceText> command =
        policy == null
            ? List.of()
            : Stream.of(
                    "valkey-server", "--maxmemory", "25mb", "--maxmemory-policy", policy.value())
                .map(word -> SourceText.of(word, policy.location()))
                .toList();
    List<Mount> mounts =
        keeps ? List.of(new Mount(MountType.VOLUME, "", "/data", location)) : List.of();
    return container(
        service, Replicas.ONE, SourceText.of("valkey:8", location), command, List.of(), mounts);
  }

  private static Container container(
      YamlNode service,
      Replicas replicas,
      @Nullable SourceText image,
      List<SourceText> command,
      List<Variable> variables,
      List<Mount> mounts) {
    String name = service.word("name");
    SourceText named = service.text("name");
    Location location = named == null ? service.location() : named.location();
    return new Container(
        new Subject("service " + name, location, List.of()),
        Platform.RENDER,
        name,
        Set.of(name),
        service.word("type").equals("cron") ? Container.Life.ONCE : Container.Life.SERVES,
        SourceFile.isForDevelopment(location.file()),
        replicas,
        image,
        command,
        variables,
        new Storage(mounts, Map.of(), true),
        List.of(),
        List.of(),
        null,
        SecurityContext.UNKNOWN,
        List.of());
  }

  private static List<Variable> variables(YamlNode service, List<YamlNode> groups) {
    Map<String, Variable> variables = new LinkedHashMap<>();
    for (YamlNode item : service.items("envVars")) {
      String group = item.word("fromGroup");
      groups.stream()
          .filter(one -> !group.isEmpty() && one.word("name").equals(group))
          .flatMap(one -> one.items("envVars").stream())
          .forEach(one -> put(one, variables));
      put(item, variables);
    }
    return List.copyOf(variables.values());
  }

  private static void put(YamlNode item, Map<String, Variable> variables) {
    SourceText key = item.text("key");
    if (key != null) {
      variables.put(
          key.value(),
          new Variable(key.value(), key.location(), value(item), Variable.Origin.INLINE));
    }
  }

  /** An address of another service: how it is called, with the scheme that the service speaks. */
  private static @Nullable SourceText value(YamlNode item) {
    SourceText server = item.text("fromService", "name");
    if (server == null) {
      return item.text("value");
    }
    boolean keyValue = KEY_VALUE.contains(item.word("fromService", "type"));
    String property = item.word("fromService", "property");
    return switch (property) {
      case "connectionString" -> server.with((keyValue ? "redis://" : "") + server.value());
      case "host", "hostport" -> server;
      default -> null;
    };
  }
}
