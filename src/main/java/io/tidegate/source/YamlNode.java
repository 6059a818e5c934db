package io.tidegate.source;

import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.SourceText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A value of a YAML file that knows where it is written. */
public sealed interface YamlNode {
  /** The tag of a value that has none of its own. */
  String PLAIN = "";

  /** Where it begins. */
  Location location();

  /** Its own tag, such as {@code !reset}; {@link #PLAIN} for the types that need none. */
  String tag();

  /**
   * A single value.
   *
   * @param text what it means; for a Compose file, after interpolation
   * @param raw as written
   * @param isNull whether it is YAML's null
   * @param lines where its first line begins, if its lines stand in the file as they are; else null
   */
  record Scalar(
      String text,
      String raw,
      boolean isNull,
      Location location,
      @Nullable Location lines,
      String tag)
      implements YamlNode {}

  /** A list. */
  record Sequence(List<YamlNode> list, Location location, String tag) implements YamlNode {
    /** Copies the list. */
    public Sequence {
      list = List.copyOf(list);
    }
  }

  /**
   * A key's place and its value.
   *
   * @param key where the key is written
   * @param repeats where the same mapping has it before, with a value that this one replaces; null:
   *     nowhere
   */
  record Entry(Location key, @Nullable Location repeats, YamlNode value) {
    /** A key that is written once. */
    public Entry(Location key, YamlNode value) {
      this(key, null, value);
    }
  }

  /** A mapping, in the order written. */
  record Mapping(Map<String, Entry> map, Location location, String tag) implements YamlNode {
    /** Copies the map. */
    public Mapping {
      map = Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
  }

  /** The value at a path of keys; null where a part of it is missing. */
  default @Nullable YamlNode at(String... path) {
    YamlNode here = this;
    for (String key : path) {
      Entry entry = here.map().get(key);
      if (entry == null) {
        return null;
      }
      here = entry.value();
    }
    return here;
  }

  /** The text at a path of keys; null where there is none. */
  default @Nullable SourceText text(String... path) {
    return at(path) instanceof Scalar scalar && !scalar.isNull() ? SourceText.of(scalar) : null;
  }

  /** The plain text at a path of keys; empty where there is none. */
  default String word(String... path) {
    SourceText text = text(path);
    return text == null ? "" : text.value();
  }

  /** Whether there is true at a path of keys, in the words of YAML 1.1, which Kubernetes and Compose take. */
  default boolean isTrue(String... path) {
    return switch (word(path).toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      default -> false;
    };
  }

  /** The entries of the mapping at a path; empty where there is none. */
  default Map<String, Entry> entries(String... path) {
    YamlNode there = at(path);
    return there == null ? Map.of() : there.map();
  }

  /** The items of the list at a path; empty where there is none. */
  default List<YamlNode> items(String... path) {
    return at(path) instanceof Sequence sequence ? sequence.list() : List.of();
  }

  /** The texts of the list at a path; empty where an item is no single value. */
  default List<String> texts(String... path) {
    return items(path).stream()
        .map(item -> item instanceof Scalar scalar ? scalar.text() : "")
        .toList();
  }

  /** The single values of the list at a path, each with its place; other items are left out. */
  default List<SourceText> values(String... path) {
    return items(path).stream().flatMap(item -> Stream.ofNullable(item.text())).toList();
  }

  /** Itself if it is a single value, else the word at a key: a short and a long syntax. */
  default String wordOrAt(String key) {
    return this instanceof Scalar scalar ? scalar.text() : word(key);
  }

  /** Its entries if it is a mapping, else none. */
  default Map<String, Entry> map() {
    return Map.of();
  }
}
