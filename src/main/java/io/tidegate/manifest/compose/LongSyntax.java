package io.tidegate.manifest.compose;

import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.manifest.source.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings a service into the long syntax of the Compose specification, so that there is one form to merge
 * and to read.
 */
final class LongSyntax {
  private static final Set<String> KEY_VALUE = Set.of("environment", "labels", "annotations");
  private static final String CONDITION = "condition";

  private LongSyntax() {}

  /** The service with lists of {@code KEY=value} as mappings, and volumes and dependencies long. */
  static YamlNode.Mapping of(YamlNode.Mapping service) {
    Map<String, YamlNode.Entry> map = new LinkedHashMap<>();
    service
        .map()
        .forEach(
            (key, entry) -> map.put(key, new YamlNode.Entry(entry.key(), of(key, entry.value()))));
    return new YamlNode.Mapping(map, service.place(), service.tag());
  }

  private static YamlNode of(String key, YamlNode value) {
    if (!(value instanceof YamlNode.Sequence sequence)) {
      return value;
    }
    if (KEY_VALUE.contains(key)) {
      return keyValues(sequence);
    }
    return switch (key) {
      case "depends_on" -> names(sequence, CONDITION, "service_started");
      case "networks" -> names(sequence, "name", "");
      case "volumes" ->
          new YamlNode.Sequence(
              sequence.list().stream().map(LongSyntax::volume).toList(),
              sequence.place(),
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
                scalar.place(),
                null,
                YamlNode.PLAIN);
        map.put(name, new YamlNode.Entry(scalar.place(), value));
      }
    }
    return new YamlNode.Mapping(map, sequence.place(), sequence.tag());
  }

  private static YamlNode names(YamlNode.Sequence sequence, String key, String value) {
    Map<String, YamlNode.Entry> map = new LinkedHashMap<>();
    for (YamlNode item : sequence.list()) {
      if (item instanceof YamlNode.Scalar scalar) {
        map.put(
            scalar.text(),
            new YamlNode.Entry(scalar.place(), mapping(scalar.place(), Map.of(key, value))));
      }
    }
    return new YamlNode.Mapping(map, sequence.place(), sequence.tag());
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
    return mapping(scalar.place(), volume);
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

  private static YamlNode.Mapping mapping(Place place, Map<String, String> values) {
    Map<String, YamlNode.Entry> map = new LinkedHashMap<>();
    values.forEach((key, value) ->
        map.put(
            key,
            new YamlNode.Entry(
                place, new YamlNode.Scalar(value, value, false, place, null, YamlNode.PLAIN))));
    return new YamlNode.Mapping(map, place, YamlNode.PLAIN);
  }
}
