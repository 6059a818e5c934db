package io.tidegate.manifest.kubernetes;

import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.SourceText;
import io.tidegate.source.YamlNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a container's variables, through ConfigMaps and Secrets where these are among the files. */
final class EnvironmentReader {
  private final Cluster cluster;
  private final KubernetesObject workload;

  EnvironmentReader(Cluster cluster, KubernetesObject workload) {
    this.cluster = cluster;
    this.workload = workload;
  }

  List<Variable> read(YamlNode container) {
    Map<String, Variable> variables = new LinkedHashMap<>();
    for (YamlNode source : container.items("envFrom")) {
      String prefix = source.word("prefix");
      all("ConfigMap", source.word("configMapRef", "name"), prefix, variables);
      all("Secret", source.word("secretRef", "name"), prefix, variables);
    }
    for (YamlNode item : container.items("env")) {
      String name = item.word("name");
      YamlNode.Entry named = item.map().get("name");
      Location location = named == null ? item.location() : named.value().location();
      if (!name.isEmpty()) {
        variables.put(name, one(name, location, item, variables));
      }
    }
    return List.copyOf(variables.values());
  }

  private void all(String kind, String name, String prefix, Map<String, Variable> variables) {
    if (name.isEmpty()) {
      return;
    }
    KubernetesObject source = cluster.find(workload, kind, name).orElse(null);
    if (source == null) {
      return;
    }
    for (String part : List.of("data", "stringData")) {
      source
          .node()
          .entries(part)
          .forEach((key, entry) ->
              variables.put(
                  prefix + key,
                  new Variable(
                      prefix + key, entry.key(), value(kind, part, entry.value()), origin(kind))));
    }
  }

  private Variable one(
      String name, Location location, YamlNode item, Map<String, Variable> before) {
    SourceText value = item.text("value");
    if (value != null) {
      SourceText expanded = value.with(expand(value.value(), before));
      return new Variable(name, location, expanded, Variable.Origin.INLINE);
    }
    for (String kind : List.of("ConfigMap", "Secret")) {
      YamlNode reference =
          item.at("valueFrom", kind.equals("Secret") ? "secretKeyRef" : "configMapKeyRef");
      if (reference != null) {
        return new Variable(name, location, referenced(kind, reference), origin(kind));
      }
    }
    return new Variable(name, location, null, Variable.Origin.INLINE);
  }

  private @Nullable SourceText referenced(String kind, YamlNode reference) {
    Optional<KubernetesObject> source = cluster.find(workload, kind, reference.word("name"));
    String key = reference.word("key");
    for (String part : List.of("stringData", "data")) {
      YamlNode there = source.map(found -> found.node().at(part, key)).orElse(null);
      if (there != null) {
        return value(kind, part, there);
      }
    }
    return null;
  }

  /** What a value of a ConfigMap or Secret means; null where it is none. */
  static @Nullable SourceText value(String kind, String part, YamlNode node) {
    SourceText text = node.text();
    if (text == null || !kind.equals("Secret") || !part.equals("data")) {
      return text;
    }
    try {
      byte[] decoded = Base64.getMimeDecoder().decode(text.value());
      return text.with(new String(decoded, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** {@code $(NAME)} stands for a variable declared before. */
  private static String expand(String value, Map<String, Variable> before) {
    String expanded = value;
    if (value.contains("$(")) {
      for (Variable variable : before.values()) {
        SourceText known = variable.value();
        if (known != null) {
          expanded = expanded.replace("$(" + variable.name() + ")", known.value());
        }
      }
    }
    return expanded;
  }

  private static Variable.Origin origin(String kind) {
    return kind.equals("Secret") ? Variable.Origin.SECRET : Variable.Origin.CONFIG_MAP;
  }
}
