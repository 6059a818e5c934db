package io.tidegate.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The rights that the manifest in {@code k8s/} grants, as {@code kubectl auth can-i} words them. */
public final class RbacManifest {
  private static final Path FILE = Path.of("k8s/rbac.yaml");

  private RbacManifest() {}

  /** All rights of its Role: {@code get replicasets.apps}. */
  public static Set<String> rights() {
    Set<String> rights = new TreeSet<>();
    for (Map<?, ?> document : documents(FILE)) {
      if ("Role".equals(document.get("kind")) && document.get("rules") instanceof List<?> rules) {
        rules.forEach(rule -> add((Map<?, ?>) rule, rights));
      }
    }
    return rights;
  }

  /** All documents of a manifest. */
  public static List<Map<?, ?>> documents(Path file) {
    try {
      List<Map<?, ?>> all = new ArrayList<>();
      new Yaml(new SafeConstructor(new LoaderOptions()))
          .loadAll(Files.readString(file))
          .forEach(document -> all.add((Map<?, ?>) document));
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(Map<?, ?> rule, Set<String> rights) {
    for (Object group : list(rule, "apiGroups")) {
      for (Object resource : list(rule, "resources")) {
        for (Object verb : list(rule, "verbs")) {
          rights.add(verb + " " + resource + (group.equals("") ? "" : "." + group));
        }
      }
    }
  }

  private static List<?> list(Map<?, ?> rule, String name) {
    return (List<?>) Objects.requireNonNull(rule.get(name), name);
  }
}
