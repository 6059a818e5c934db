package io.tidegate.manifest.compose;

import io.tidegate.manifest.source.Tree;
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
  static Tree.Mapping merge(Tree.Mapping lower, Tree.Mapping upper) {
    Map<String, Tree.Entry> map = new LinkedHashMap<>(lower.map());
    upper
        .map()
        .forEach((key, entry) -> {
          Tree.Entry below = map.get(key);
          if (entry.value().tag().equals(RESET)) {
            map.remove(key);
          } else if (below == null) {
            map.put(key, entry);
          } else {
            Tree value = merge(key, below.value(), entry.value());
            boolean both = value instanceof Tree.Mapping;
            map.put(key, new Tree.Entry(both ? below.key() : entry.key(), value));
          }
        });
    return new Tree.Mapping(map, upper.place(), lower.tag());
  }

  private static Tree merge(String key, Tree lower, Tree upper) {
    if (upper.tag().equals(OVERRIDE) || REPLACED.contains(key)) {
      return upper;
    }
    if (lower instanceof Tree.Mapping below && upper instanceof Tree.Mapping above) {
      return merge(below, above);
    }
    if (lower instanceof Tree.Sequence below && upper instanceof Tree.Sequence above) {
      return merge(key, below, above);
    }
    return upper;
  }

  private static Tree.Sequence merge(String key, Tree.Sequence lower, Tree.Sequence upper) {
    List<Tree> list = new ArrayList<>(lower.list());
    for (Tree item : upper.list()) {
      if (key.equals("volumes")) {
        String target = item.word("target");
        list.removeIf(other -> !target.isEmpty() && other.word("target").equals(target));
      } else if (item instanceof Tree.Scalar scalar) {
        list.removeIf(
            other -> other instanceof Tree.Scalar same && same.text().equals(scalar.text()));
      }
      list.add(item);
    }
    return new Tree.Sequence(list, upper.place(), lower.tag());
  }
}
