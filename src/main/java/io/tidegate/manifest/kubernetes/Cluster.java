package io.tidegate.manifest.kubernetes;

import io.tidegate.manifest.source.YamlNode;
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
  private final Map<String, List<Manifest>> byKind = new HashMap<>();
  private final Map<String, List<Manifest>> byName = new HashMap<>();

  void add(Manifest manifest) {
    byKind.computeIfAbsent(manifest.kind(), kind -> new ArrayList<>()).add(manifest);
    byName
        .computeIfAbsent(key(manifest.kind(), manifest.name()), key -> new ArrayList<>())
        .add(manifest);
  }

  List<Manifest> all(String kind) {
    return byKind.getOrDefault(kind, List.of());
  }

  /** The object that a name means in a file. */
  Optional<Manifest> find(Manifest from, String kind, String name) {
    return nearest(
            from,
            byName.getOrDefault(key(kind, name), List.of()).stream()
                .filter(manifest -> manifest.isIn(from.namespace()))
                .toList())
        .stream()
        .findFirst();
  }

  /** Those in the same file; if there are none, in the same directory; if there are none, all. */
  static List<Manifest> nearest(Manifest from, List<Manifest> candidates) {
    List<Manifest> here =
        candidates.stream().filter(manifest -> manifest.file().equals(from.file())).toList();
    if (!here.isEmpty()) {
      return here;
    }
    List<Manifest> beside =
        candidates.stream()
            .filter(manifest -> folder(manifest.file()).equals(folder(from.file())))
            .toList();
    return beside.isEmpty() ? candidates : beside;
  }

  /** The services that lead to pods with these labels. */
  List<Manifest> services(Manifest workload, YamlNode template) {
    List<Manifest> matching =
        all("Service").stream()
            .filter(service -> service.isIn(workload.namespace()))
            .filter(service -> selects(service, template))
            .toList();
    return nearest(workload, matching);
  }

  private static boolean selects(Manifest service, YamlNode template) {
    Map<String, YamlNode.Entry> selector = service.tree().entries("spec", "selector");
    return !selector.isEmpty()
        && selector.keySet().stream()
            .allMatch(key ->
                service
                    .tree()
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
