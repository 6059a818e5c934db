package io.tidegate.config;

import io.tidegate.config.Declarations.Declared;
import io.tidegate.config.ValueType.RefusedValue;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Reads the YAML file into keys with dots. It only looks at the tree of nodes: no object is ever made
 * of a tag, a value keeps the text it was written with, and each key knows its line. Messages of the
 * YAML library quote the file, so none of them is passed on.
 */
final class YamlFile {
  private static final int LARGEST_BYTES = 1_048_576;
  private static final int DEEPEST = 20;
  private static final int MOST_ALIASES = 20;
  private static final int MOST_KEYS = 1000;
  private static final Set<Tag> PLAIN =
      Set.of(
          Tag.STR,
          Tag.INT,
          Tag.FLOAT,
          Tag.BOOL,
          Tag.NULL,
          Tag.TIMESTAMP,
          Tag.MAP,
          Tag.SEQ,
          Tag.MERGE);

  private final Path file;
  private final Problems problems;
  private final List<Declared> found = new ArrayList<>();

  private YamlFile(Path file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** The keys of a file as written, with dots; what is wrong with it is noted. */
  static List<Declared> read(Path file, String origin, Problems problems) {
    YamlFile yaml = new YamlFile(file, problems);
    try {
      yaml.parse(FileText.read(file, file.toString(), LARGEST_BYTES));
    } catch (RefusedValue e) {
      problems.add(origin, e);
    }
    return yaml.found;
  }

  private void parse(String text) {
    try {
      Node root = loader().compose(new StringReader(text));
      if (root instanceof MappingNode mapping) {
        mapping(mapping, "", 1);
      } else if (root != null && !root.getTag().equals(Tag.NULL)) {
        problems.add(
            at(root.getStartMark()), "is not a mapping of keys", "Begin it with tidegate:");
      }
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      problems.add(
          mark == null ? file.toString() : at(mark) + ", column " + (mark.getColumn() + 1),
          "is not valid YAML here",
          "Check the indentation, and put quotes around values with special characters");
    } catch (YAMLException e) {
      problems.add(
          file.toString(),
          "is not a YAML file that can be used: one document, without control characters, at most"
              + " %d levels deep and with few aliases".formatted(DEEPEST),
          "Write it more simply");
    }
  }

  private static Yaml loader() {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(DEEPEST);
    options.setMaxAliasesForCollections(MOST_ALIASES);
    options.setCodePointLimit(LARGEST_BYTES);
    options.setAllowRecursiveKeys(false);
    return new Yaml(
        new SafeConstructor(options),
        new Representer(new DumperOptions()),
        new DumperOptions(),
        options);
  }

  private void mapping(MappingNode mapping, String prefix, int depth) {
    if (depth > DEEPEST || found.size() > MOST_KEYS) {
      problems.add(at(mapping.getStartMark()), "has too many keys", "Write it more simply");
      return;
    }
    Map<String, Node> seen = new HashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        problems.add(at(tuple.getKeyNode().getStartMark()), "a key is no text", "Write a name");
        continue;
      }
      String key = prefix + keyNode.getValue();
      Node other = seen.putIfAbsent(key, keyNode);
      if (other != null) {
        duplicate(prefix, keyNode, other);
        continue;
      }
      value(key, keyNode, tuple.getValueNode(), depth);
    }
  }

  private void duplicate(String prefix, ScalarNode key, Node other) {
    boolean target = Key.normal(prefix).endsWith("targets.");
    problems.add(
        at(key.getStartMark()),
        (target
                ? "two targets have one name, %s, also at line %d"
                : "%s is declared twice, also at line %d")
            .formatted(Problems.printable(key.getValue()), other.getStartMark().getLine() + 1),
        target ? "Rename one of them" : "Keep one of the two");
  }

  private void value(String key, Node keyNode, Node value, int depth) {
    String origin = at(keyNode.getStartMark());
    if (!PLAIN.contains(value.getTag())) {
      problems.add(
          origin, "the value has a YAML tag or type that has no meaning here", "Put it in quotes");
      return;
    }
    switch (value) {
      case MappingNode mapping -> mapping(mapping, key + ".", depth + 1);
      case SequenceNode sequence -> sequence(key, origin, sequence);
      case ScalarNode scalar ->
          found.add(
              new Declared(key, scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue(), origin));
      default -> throw new IllegalStateException("a node of unknown kind");
    }
  }

  /** A list of plain values means the same as their text with commas. */
  private void sequence(String key, String origin, SequenceNode sequence) {
    List<String> values = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      if (!(item instanceof ScalarNode scalar)) {
        problems.add(
            origin,
            "is a list of mappings, where names are expected",
            "Write each as a key of its own, as in targets: {db: {url: ...}}");
        return;
      }
      values.add(scalar.getValue());
    }
    found.add(new Declared(key, String.join(",", values), origin));
  }

  private String at(Mark mark) {
    return file + " line " + (mark.getLine() + 1);
  }
}
