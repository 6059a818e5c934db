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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a {@code fly.toml}: one container for each group of processes. How many machines run is said by
 * {@code fly scale} and not here; those that are kept running at least are.
 *
 * @see <a href="https://fly.io/docs/reference/configuration/">app configuration</a>
 */
final class FlyReader {
  private static final String PROCESSES = "processes";

  /** The group of an app that names none. */
  private static final String APP = "app";

  private final List<Stack> stacks = new ArrayList<>();

  boolean add(YamlNode document) {
    boolean fly =
        Stream.of("app", "build", "deploy", "env", "http_service", "services", "mounts", PROCESSES)
            .anyMatch(key -> document.at(key) != null);
    if (fly) {
      Set<String> groups = new LinkedHashSet<>(document.entries(PROCESSES).keySet());
      if (groups.isEmpty()) {
        groups.add(APP);
      }
      stacks.add(
          new Stack(groups.stream().map(group -> container(document, group)).toList(), List.of()));
    }
    return fly;
  }

  List<Stack> stacks() {
    return List.copyOf(stacks);
  }

  private static Container container(YamlNode document, String group) {
    SourceText command = document.text(PROCESSES, group);
    SourceText app = document.text("app");
    Location location =
        command != null ? command.location() : app != null ? app.location() : document.location();
    String name = app == null ? APP : app.value();
    return new Container(
        new Subject("app %s, process %s".formatted(name, group), location, List.of()),
        Platform.FLY,
        group,
        Set.of(name, name + ".internal"),
        Container.Life.SERVES,
        SourceFile.isForDevelopment(location.file()),
        replicas(document, group),
        document.text("build", "image"),
        command == null
            ? List.of()
            : ShellWords.split(command.value()).stream().map(command::with).toList(),
        Variable.inline(document.entries("env")),
        new Storage(mounts(document, group), Map.of(), true),
        List.of(),
        List.of(),
        null,
        SecurityContext.UNKNOWN,
        List.of());
  }

  private static Replicas replicas(YamlNode document, String group) {
    String key = "min_machines_running";
    return Stream.concat(all(document, "http_service").stream(), all(document, "services").stream())
        .filter(service -> isOf(service, group))
        .map(service -> Replicas.declared(key, service.text(key)))
        .reduce(Replicas.ONE, Replicas::or);
  }

  /** Each machine has a volume of its own. Whether a group without one writes to a file is not known. */
  private static List<Mount> mounts(YamlNode document, String group) {
    return all(document, "mounts").stream()
        .map(mount ->
            new Mount(
                isOf(mount, group) ? MountType.CLAIM_PER_REPLICA : MountType.OTHER,
                mount.word("source"),
                mount.word("destination"),
                mount.location()))
        .toList();
  }

  /** A section that may be written once or several times. */
  private static List<YamlNode> all(YamlNode document, String key) {
    YamlNode there = document.at(key);
    return there instanceof YamlNode.Mapping ? List.of(there) : document.items(key);
  }

  private static boolean isOf(YamlNode section, String group) {
    List<String> groups = section.texts(PROCESSES);
    return groups.isEmpty() || groups.contains(group);
  }
}
