package io.tidegate.manifest.kubernetes;

import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.manifest.source.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * One object of Kubernetes.
 *
 * @param namespace empty where none is written
 * @param tree all of it
 */
record Manifest(String group, String kind, String namespace, String name, YamlNode tree) {

  /** The objects of a document: itself, or the items of a List. */
  static void each(YamlNode document, Consumer<Manifest> consumer) {
    if (document.word("kind").endsWith("List") && !document.items("items").isEmpty()) {
      for (YamlNode item : document.items("items")) {
        if (!item.word("kind").endsWith("List")) {
          each(item, consumer);
        }
      }
      return;
    }
    String version = document.word("apiVersion");
    int slash = version.indexOf('/');
    consumer.accept(
        new Manifest(
            slash < 0 ? "" : version.substring(0, slash),
            document.word("kind"),
            document.word("metadata", "namespace"),
            document.word("metadata", "name"),
            document));
  }

  /** Its file. */
  String file() {
    return tree.place().file();
  }

  /** Where its name is written, or where it begins. */
  Place place() {
    var metadata = tree.entries("metadata").get("name");
    return metadata == null ? tree.place() : metadata.key();
  }

  /** As people call it. */
  String label() {
    return kind + " " + name;
  }

  /** Whether it may be named from an object of a namespace. */
  boolean isIn(String other) {
    return named(namespace).equals(named(other));
  }

  private static String named(String namespace) {
    return namespace.isEmpty() ? "default" : namespace;
  }

  /** The values of an annotation or label here and at the template of its pods. */
  List<String> marks(YamlNode template, String key) {
    List<String> marks = new ArrayList<>();
    for (YamlNode place : List.of(tree, template)) {
      for (String folder : List.of("annotations", "labels")) {
        String mark = place.word("metadata", folder, key);
        if (!mark.isEmpty()) {
          marks.add(mark);
        }
      }
    }
    return List.copyOf(new LinkedHashSet<>(marks));
  }
}
