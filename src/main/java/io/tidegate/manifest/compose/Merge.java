package io.tidegate.manifest.compose;

import io.tidegate.manifest.source.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lays one Compose file, or one service, over another.
 *
 * @see <a href="https://docs.docker.com/reference/compose-file/merge/">Merge</a>
 */
final class Merge {
  /** Lists that stand for one thing, so that they replace each other. */
  private static final Set<String> REPLACED = Set.of("command", "entrypoint", "test");

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
    return new YamlNode.Mapping(map, upper.place(), lower.tag());
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
    return new YamlNode.Sequence(list, upper.place(), lower.tag());
  }
}
