package io.tidegate.manifest.kubernetes;

import io.tidegate.source.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All objects that were given, found by name. Where several files hold an object of one name, as the
 * overlays of several environments do, the nearest file counts.
 */
final class Cluster {
  private final Map<String, List<KubernetesObject>> byKind = new HashMap<>();
  private final Map<String, List<KubernetesObject>> byName = new HashMap<>();

  void add(KubernetesObject object) {
    byKind.computeIfAbsent(object.kind(), kind -> new ArrayList<>()).add(object);
    byName.computeIfAbsent(key(object.kind(), object.name()), key -> new ArrayList<>()).add(object);
  }

  List<KubernetesObject> all(String kind) {
    return byKind.getOrDefault(kind, List.of());
  }

  /** The object that a name means in a file. */
  Optional<KubernetesObject> find(KubernetesObject from, String kind, String name) {
    return nearest(
            from,
            byName.getOrDefault(key(kind, name), List.of()).stream()
                .filter(object -> object.isIn(from.namespace()))
                .toList())
        .stream()
        .findFirst();
  }

  /** Those in the same file; if there are none, in the same directory; if there are none, all. */
  static List<KubernetesObject> nearest(KubernetesObject from, List<KubernetesObject> candidates) {
    List<KubernetesObject> here =
        candidates.stream().filter(object -> object.file().equals(from.file())).toList();
    if (!here.isEmpty()) {
      return here;
    }
    List<KubernetesObject> beside =
        candidates.stream()
            .filter(object -> folder(object.file()).equals(folder(from.file())))
            .toList();
    return beside.isEmpty() ? candidates : beside;
  }

  /** The services that lead to pods with these labels. */
  List<KubernetesObject> services(KubernetesObject workload, YamlNode template) {
    List<KubernetesObject> matching =
        all("Service").stream()
            .filter(service -> service.isIn(workload.namespace()))
            .filter(service -> selects(service, template))
            .toList();
    return nearest(workload, matching);
  }

  private static boolean selects(KubernetesObject service, YamlNode template) {
    Map<String, YamlNode.Entry> selector = service.node().entries("spec", "selector");
    return !selector.isEmpty()
        && selector.keySet().stream()
            .allMatch(key ->
                service
                    .node()
                    .word("spec", "selector", key)
                    .equals(template.word("metadata", "labels", key)));
  }

  private static String folder(String file) {
    int slash = file.lastIndexOf('/');
    return slash < 0 ? "" : file.substring(0, slash);
  }

  private static String key(String kind, String name) {
    return kind + "/" + name;
  }
}
