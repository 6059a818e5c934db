package io.tidegate.manifest.compose;

import io.tidegate.manifest.source.Place;
import io.tidegate.manifest.source.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings a service into the long form of the Compose specification, so that there is one form to merge
 * and to read.
 */
final class LongForm {
  private static final Set<String> KEY_VALUE = Set.of("environment", "labels", "annotations");
  private static final String CONDITION = "condition";

  private LongForm() {}

  /** The service with lists of {@code KEY=value} as mappings, and volumes and dependencies long. */
  static Tree.Mapping of(Tree.Mapping service) {
    Map<String, Tree.Entry> map = new LinkedHashMap<>();
    service
        .map()
        .forEach((key, entry) -> map.put(key, new Tree.Entry(entry.key(), of(key, entry.value()))));
    return new Tree.Mapping(map, service.place(), service.tag());
  }

  private static Tree of(String key, Tree value) {
    if (!(value instanceof Tree.Sequence sequence)) {
      return value;
    }
    if (KEY_VALUE.contains(key)) {
      return keyValues(sequence);
    }
    return switch (key) {
      case "depends_on" -> names(sequence, CONDITION, "service_started");
      case "networks" -> names(sequence, "name", "");
      case "volumes" ->
          new Tree.Sequence(
              sequence.list().stream().map(LongForm::volume).toList(),
              sequence.place(),
              sequence.tag());
      default -> value;
    };
  }

  private static Tree keyValues(Tree.Sequence sequence) {
    Map<String, Tree.Entry> map = new LinkedHashMap<>();
    for (Tree item : sequence.list()) {
      if (item instanceof Tree.Scalar scalar) {
        int equals = scalar.text().indexOf('=');
        int rawEquals = scalar.raw().indexOf('=');
        String name = equals < 0 ? scalar.text() : scalar.text().substring(0, equals);
        Tree.Scalar value =
            new Tree.Scalar(
                equals < 0 ? "" : scalar.text().substring(equals + 1),
                rawEquals < 0 ? "" : scalar.raw().substring(rawEquals + 1),
                equals < 0,
                scalar.place(),
                null,
                Tree.PLAIN);
        map.put(name, new Tree.Entry(scalar.place(), value));
      }
    }
    return new Tree.Mapping(map, sequence.place(), sequence.tag());
  }

  private static Tree names(Tree.Sequence sequence, String key, String value) {
    Map<String, Tree.Entry> map = new LinkedHashMap<>();
    for (Tree item : sequence.list()) {
      if (item instanceof Tree.Scalar scalar) {
        map.put(
            scalar.text(),
            new Tree.Entry(scalar.place(), mapping(scalar.place(), Map.of(key, value))));
      }
    }
    return new Tree.Mapping(map, sequence.place(), sequence.tag());
  }

  /** {@code [SOURCE:]TARGET[:MODE]}. */
  private static Tree volume(Tree item) {
    if (!(item instanceof Tree.Scalar scalar)) {
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

  private static Tree.Mapping mapping(Place place, Map<String, String> values) {
    Map<String, Tree.Entry> map = new LinkedHashMap<>();
    values.forEach((key, value) ->
        map.put(
            key,
            new Tree.Entry(place, new Tree.Scalar(value, value, false, place, null, Tree.PLAIN))));
    return new Tree.Mapping(map, place, Tree.PLAIN);
  }
}
