package io.tidegate.manifest.compose;

import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lays one Compose file, or one service, over another. Services are first brought into the long syntax
 * of the Compose specification, so that there is one form to merge and to read.
 *
 * @see <a href="https://docs.docker.com/reference/compose-file/merge/">Merge</a>
 */
final class Merge {
  /** Lists that stand for one thing, so that they replace each other. */
  private static final Set<String> REPLACED = Set.of("command", "entrypoint", "test");

  private static final Set<String> KEY_VALUE = Set.of("environment", "labels", "annotations");
  private static final String RESET = "!reset";
  private static final String OVERRIDE = "!override";

  private Merge() {}

  /** The lower mapping with the upper one over it. */
  static YamlNode.Mapping merge(YamlNode.Mapping lower, YamlNode.Mapping upper) {
    Map<String, YamlNode.Entry> map = new LinkedHashMap<>(lower.map());
    upper
        .map()
        .forEach((key, entry) -> {
          YamlNode.Entry below = map.get(key);
          if (entry.value().tag().equals(RESET)) {
            map.remove(key);
          } else if (below == null) {
            map.put(key, entry);
          } else {
            YamlNode value = merge(key, below.value(), entry.value());
            boolean both = value instanceof YamlNode.Mapping;
            map.put(key, new YamlNode.Entry(both ? below.key() : entry.key(), value));
          }
        });
    return new YamlNode.Mapping(map, upper.location(), lower.tag());
  }

  private static YamlNode merge(String key, YamlNode lower, YamlNode upper) {
    if (upper.tag().equals(OVERRIDE) || REPLACED.contains(key)) {
      return upper;
    }
    if (lower instanceof YamlNode.Mapping below && upper instanceof YamlNode.Mapping above) {
      return merge(below, above);
    }
    if (lower instanceof YamlNode.Sequence below && upper instanceof YamlNode.Sequence above) {
      return merge(key, below, above);
    }
    return upper;
  }

  private static YamlNode.Sequence merge(
      String key, YamlNode.Sequence lower, YamlNode.Sequence upper) {
    List<YamlNode> list = new ArrayList<>(lower.list());
    for (YamlNode item : upper.list()) {
      if (key.equals("volumes")) {
        String target = item.word("target");
        list.removeIf(other -> !target.isEmpty() && other.word("target").equals(target));
      } else if (item instanceof YamlNode.Scalar scalar) {
        list.removeIf(
            other -> other instanceof YamlNode.Scalar same && same.text().equals(scalar.text()));
      }
      list.add(item);
    }
    return new YamlNode.Sequence(list, upper.location(), lower.tag());
  }

  /** The service with lists of {@code KEY=value} as mappings, and volumes and dependencies long. */
  static YamlNode.Mapping longSyntax(YamlNode.Mapping service) {
    Map<String, YamlNode.Entry> map = new LinkedHashMap<>();
    service
        .map()
        .forEach((key, entry) ->
            map.put(key, new YamlNode.Entry(entry.key(), longSyntax(key, entry.value()))));
    return new YamlNode.Mapping(map, service.location(), service.tag());
  }

  private static YamlNode longSyntax(String key, YamlNode value) {
    if (!(value instanceof YamlNode.Sequence sequence)) {
      return value;
    }
    if (KEY_VALUE.contains(key)) {
      return keyValues(sequence);
    }
    return switch (key) {
      case "depends_on" -> names(sequence, "condition", "service_started");
      case "networks" -> names(sequence, "name", "");
      case "volumes" ->
          new YamlNode.Sequence(
              sequence.list().stream().map(Merge::volume).toList(),
              sequence.location(),
              sequence.tag());
      default -> value;
    };
  }

  private static YamlNode keyValues(YamlNode.Sequence sequence) {
    Map<String, YamlNode.Entry> map = new LinkedHashMap<>();
    for (YamlNode item : sequence.list()) {
      if (item instanceof YamlNode.Scalar scalar) {
        int equals = scalar.text().indexOf('=');
        int rawEquals = scalar.raw().indexOf('=');
        String name = equals < 0 ? scalar.text() : scalar.text().substring(0, equals);
        YamlNode.Scalar value =
            new YamlNode.Scalar(
                equals < 0 ? "" : scalar.text().substring(equals + 1),
                rawEquals < 0 ? "" : scalar.raw().substring(rawEquals + 1),
                equals < 0,
                scalar.location(),
                null,
                YamlNode.PLAIN);
        map.put(name, new YamlNode.Entry(scalar.location(), value));
      }
    }
    return new YamlNode.Mapping(map, sequence.location(), sequence.tag());
  }

  private static YamlNode names(YamlNode.Sequence sequence, String key, String value) {
    Map<String, YamlNode.Entry> map = new LinkedHashMap<>();
    for (YamlNode item : sequence.list()) {
      if (item instanceof YamlNode.Scalar scalar) {
        map.put(
            scalar.text(),
            new YamlNode.Entry(scalar.location(), mapping(scalar.location(), Map.of(key, value))));
      }
    }
    return new YamlNode.Mapping(map, sequence.location(), sequence.tag());
  }

  /** {@code [SOURCE:]TARGET[:MODE]}. */
  private static YamlNode volume(YamlNode item) {
    if (!(item instanceof YamlNode.Scalar scalar)) {
      return item;
    }
    List<String> parts = parts(scalar.text());
    Map<String, String> volume = new LinkedHashMap<>();
    if (parts.size() == 1) {
      volume.put("type", "volume");
      volume.put("target", parts.getFirst());
    } else {
      String source = parts.getFirst();
      boolean path =
          source.startsWith(".")
              || source.startsWith("/")
              || source.startsWith("~")
              || source.contains("\\")
              || source.contains("$");
      volume.put("type", path ? "bind" : "volume");
      volume.put("source", source);
      volume.put("target", parts.get(1));
    }
    return mapping(scalar.location(), volume);
  }

  /** Splits at colons, but not after the letter of a Windows drive. */
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      boolean drive =
          i - from == 1
              && Character.isLetter(text.charAt(from))
              && i + 1 < text.length()
              && "/\\".indexOf(text.charAt(i + 1)) >= 0
              && text.indexOf('\\') >= 0;
      if (text.charAt(i) == ':' && !drive) {
        parts.add(text.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static YamlNode.Mapping mapping(Location location, Map<String, String> values) {
    Map<String, YamlNode.Entry> map = new LinkedHashMap<>();
    values.forEach((key, value) ->
        map.put(
            key,
            new YamlNode.Entry(
                location,
                new YamlNode.Scalar(value, value, false, location, null, YamlNode.PLAIN))));
    return new YamlNode.Mapping(map, location, YamlNode.PLAIN);
  }
}
