package io.tidegate.manifest.source;

import io.tidegate.manifest.source.SourceFile.Place;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Makes trees of the YAML library's nodes: aliases are copied in, merge keys resolved. It counts what
 * it makes, so that a few lines of aliases of aliases end early instead of filling the memory.
 */
final class TreeBuilder {
  private static final int MOST_VALUES = 500_000;
  private static final int DEEPEST = 200;

  private final SourceFile file;
  private int made;
  private @Nullable List<String> lines;

  /** An alias stands for the node itself: each block is looked at once. */
  private final IdentityHashMap<Node, Optional<Place>> blocks = new IdentityHashMap<>();

  TreeBuilder(SourceFile file) {
    this.file = file;
  }

  YamlNode build(Node node) {
    return build(node, 0);
  }

  private YamlNode build(Node node, int depth) {
    if (++made > MOST_VALUES || depth > DEEPEST) {
      throw new YAMLException("too large");
    }
    return switch (node) {
      case MappingNode mapping ->
          new YamlNode.Mapping(entries(mapping, depth), place(node), tag(node));
      case SequenceNode sequence -> {
        List<YamlNode> list = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          list.add(build(item, depth + 1));
        }
        yield new YamlNode.Sequence(list, place(node), tag(node));
      }
      case ScalarNode scalar ->
          new YamlNode.Scalar(
              scalar.getValue(),
              scalar.getValue(),
              scalar.getTag().equals(Tag.NULL),
              place(node),
              lines(scalar),
              tag(node));
      default -> throw new YAMLException("a node of unknown kind");
    };
  }

  private Map<String, YamlNode.Entry> entries(MappingNode mapping, int depth) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    Map<String, YamlNode.Entry> merged = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
        merge(tuple.getValueNode(), merged, depth);
      } else if (tuple.getKeyNode() instanceof ScalarNode key) {
        YamlNode value = build(tuple.getValueNode(), depth + 1);
        entries.put(key.getValue(), new YamlNode.Entry(place(key), value));
      }
    }
    merged.forEach(entries::putIfAbsent);
    return entries;
  }

  /** Of several merged mappings the first has the last word. */
  private void merge(Node source, Map<String, YamlNode.Entry> merged, int depth) {
    switch (source) {
      case MappingNode mapping -> {
        if (++made > MOST_VALUES || depth > DEEPEST) {
          throw new YAMLException("too large");
        }
        entries(mapping, depth + 1).forEach(merged::putIfAbsent);
      }
      case SequenceNode sequence -> {
        if (depth > DEEPEST) {
          throw new YAMLException("too deep");
        }
        sequence.getValue().forEach(item -> merge(item, merged, depth + 1));
      }
      default -> {
        // Merging a plain value means nothing.
      }
    }
  }

  private Place place(Node node) {
    Mark mark = node.getStartMark();
    return new Place(file.name(), mark.getLine() + 1, mark.getColumn() + 1);
  }

  private @Nullable Place lines(ScalarNode scalar) {
    Mark start = scalar.getStartMark();
    if (scalar.getScalarStyle() != DumperOptions.ScalarStyle.LITERAL) {
      boolean oneLine = start.getLine() == scalar.getEndMark().getLine();
      int quote = scalar.isPlain() ? 0 : 1;
      return oneLine
          ? new Place(file.name(), start.getLine() + 1, start.getColumn() + 1 + quote)
          : null;
    }
    return blocks.computeIfAbsent(scalar, block -> block(scalar)).orElse(null);
  }

  /** The lines of a block begin further in, by what the first of them that is not empty says. */
  private Optional<Place> block(ScalarNode scalar) {
    if (lines == null) {
      lines = file.lines();
    }
    int first = scalar.getStartMark().getLine() + 1;
    int below = first;
    for (String line : scalar.getValue().lines().toList()) {
      if (below >= lines.size() || !lines.get(below).endsWith(line)) {
        return Optional.empty();
      }
      if (!line.isEmpty()) {
        int indent = lines.get(below).length() - line.length();
        return Optional.of(new Place(file.name(), first + 1, indent + 1));
      }
      below++;
    }
    return Optional.empty();
  }

  private static String tag(Node node) {
    String tag = node.getTag().getValue();
    return tag.startsWith("!") ? tag : YamlNode.PLAIN;
  }
}
