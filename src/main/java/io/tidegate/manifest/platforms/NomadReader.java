package io.tidegate.manifest.platforms;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Container.Replicas;
import io.tidegate.manifest.stack.Container.SecurityContext;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.manifest.stack.Stack.Subject;
import io.tidegate.manifest.stack.Storage;
import io.tidegate.manifest.stack.Storage.Mount;
import io.tidegate.manifest.stack.Storage.MountType;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.SourceText;
import io.tidegate.source.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads jobs of Nomad in JSON, as {@code nomad job run -output} prints them.
 *
 * @see <a href="https://developer.hashicorp.com/nomad/api-docs/json-jobs">JSON job specification</a>
 */
final class NomadReader {
  private final List<Stack> stacks = new ArrayList<>();

  boolean add(YamlNode document) {
    YamlNode below = document.at("Job");
    YamlNode job = below == null ? document : below;
    List<Container> containers = new ArrayList<>();
    for (YamlNode group : job.items("TaskGroups")) {
      for (YamlNode task : group.items("Tasks")) {
        containers.add(container(job, group, task));
      }
    }
    if (!containers.isEmpty()) {
      stacks.add(new Stack(containers, List.of()));
    }
    return !containers.isEmpty();
  }

  List<Stack> stacks() {
    return List.copyOf(stacks);
  }

  private static Container container(YamlNode job, YamlNode group, YamlNode task) {
    String name = task.word("Name");
    SourceText named = task.text("Name");
    SourceText memory = task.text("Resources", "MemoryMB");
    boolean serves =
        job.word("Type").matches("(?i)service|system|")
            && !task.word("Lifecycle", "Hook").matches("prestart|poststop|poststart")
            && !task.word("Driver").isEmpty();
    return new Container(
        new Subject(
            "job %s, task %s".formatted(job.word("ID"), name),
            named == null ? task.location() : named.location(),
            List.of()),
        Platform.NOMAD,
        name,
        isShared(group) ? Set.of(name, "localhost", "127.0.0.1") : Set.of(name),
        serves || task.isTrue("Lifecycle", "Sidecar") ? Container.Life.SERVES : Container.Life.ONCE,
        SourceFile.isForDevelopment(task.location().file()),
        replicas(job, group),
        task.text("Config", "image"),
        command(task),
        Variable.inline(task.entries("Env")),
        new Storage(mounts(group, task), Map.of(), true),
        List.of(),
        List.of(),
        memory == null ? null : memory.with(memory.value() + "m"),
        new SecurityContext(
            task.text("User"),
            false,
            task.isTrue("Config", "privileged") ? task.text("Config", "privileged") : null,
            task.isTrue("Config", "readonly_rootfs"),
            task.texts("Config", "cap_drop")),
        List.of());
  }

  private static Replicas replicas(YamlNode job, YamlNode group) {
    SourceText type = job.text("Type");
    return type != null && type.value().equalsIgnoreCase("system")
        ? new Replicas(Integer.MAX_VALUE, "a system job runs one on each client", type.location())
        : Replicas.declared("Count", group.text("Count"))
            .or(Replicas.declared("Scaling.Max", group.text("Scaling", "Max")));
  }

  /** Whether all tasks of a group have one network. */
  private static boolean isShared(YamlNode group) {
    return group.items("Networks").stream()
        .anyMatch(network -> network.word("Mode").matches("bridge|host"));
  }

  private static List<SourceText> command(YamlNode task) {
    List<SourceText> words = new ArrayList<>();
    for (String key : List.of("entrypoint", "command", "args")) {
      SourceText one = task.text("Config", key);
      if (one != null) {
        words.add(one);
      }
      words.addAll(task.values("Config", key));
    }
    return words;
  }

  private static List<Mount> mounts(YamlNode group, YamlNode task) {
    List<Mount> mounts = new ArrayList<>();
    for (YamlNode item : task.items("VolumeMounts")) {
      String name = item.word("Volume");
      YamlNode volume = group.at("Volumes", name);
      mounts.add(
          new Mount(
              volume == null ? MountType.OTHER : type(volume),
              name,
              item.word("Destination"),
              item.location()));
    }
    for (YamlNode item : task.items("Config", "volumes")) {
      SourceText volume = item.text();
      String[] parts = volume == null ? new String[0] : volume.value().split(":", -1);
      if (parts.length > 1) {
        // What is relative lies in the directory of the allocation, which goes with it.
        MountType type = parts[0].startsWith("/") ? MountType.HOST : MountType.OTHER;
        mounts.add(new Mount(type, parts[0], parts[1], item.location()));
      }
    }
    for (String key : List.of("mount", "mounts")) {
      for (YamlNode item : task.items("Config", key)) {
        mounts.add(
            new Mount(MountType.OTHER, item.word("source"), item.word("target"), item.location()));
      }
    }
    return mounts;
  }

  private static MountType type(YamlNode volume) {
    return volume.isTrue("PerAlloc")
        ? MountType.CLAIM_PER_REPLICA
        : volume.word("Type").equals("host") ? MountType.HOST : MountType.VOLUME;
  }
}
