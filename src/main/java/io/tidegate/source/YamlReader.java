package io.tidegate.source;

import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.UnreadableFileException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserException;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Reads the documents of a YAML file: what {@code check} is given, and Tidegate's own configuration.
 * Only the tree of nodes is looked at: no object is ever made of a tag. Messages of the YAML library
 * quote the file, so none of them is passed on.
 */
public final class YamlReader {
  private static final Limits MANIFEST =
      new Limits(SourceFile.LARGEST_BYTES, 100, 5_000, 500_000, false);

  /** The remedy for text that is no YAML. */
  public static final String REMEDY =
      "Check the indentation, and put quotes around values with special characters";

  /** Before a comment or the end of a line. */
  private static final Pattern TRAILING_TAB = Pattern.compile("(?m)\\t(?=[ \\t]*+(?:#.*)?$)");

  /** A slash that JSON allows to be escaped, which YAML 1.1 does not. */
  private static final Pattern ESCAPED_SLASH = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*+)\\\\/");

  private YamlReader() {}

  /**
   * What a file may ask of its reader.
   *
   * @param characters how long it may be
   * @param levels how deeply it may be nested
   * @param aliases how many lists and mappings it may repeat
   * @param values how many values it may hold, with what aliases repeat
   * @param strict whether it is a fault, or passed over, where a key is a list or a mapping, or where
   *     what is merged is neither
   */
  public record Limits(int characters, int levels, int aliases, int values, boolean strict) {}

  /** Text that is no YAML, or asks too much of its reader. Never quotes the text. */
  public static final class InvalidYamlException extends Exception {
    private final @Nullable Location location;

    private InvalidYamlException(@Nullable Location location) {
      super("is not valid YAML");
      this.location = location;
    }

    /** Where it is no YAML; null: it asks too much. */
    public @Nullable Location location() {
      return location;
    }
  }

  /**
   * Reads all documents of a file that is checked; empty ones are left out.
   *
   * @throws UnreadableFileException if the text is no YAML, or is built to exhaust its reader
   */
  public static List<YamlNode> read(SourceFile file) throws UnreadableFileException {
    if (ReadingCost.isTooHigh(file.text())) {
      throw new UnreadableFileException(
          Severity.ERROR,
          Location.start(file.name()),
          "holds lines of megabytes, which would take too long to read",
          "Break them, or put such data into a file of its own");
    }
    try {
      return read(file, MANIFEST);
    } catch (InvalidYamlException e) {
      throw unreadable(file, e.location());
    }
  }

  /**
   * Reads all documents; empty ones are left out.
   *
   * @throws InvalidYamlException if the text is no YAML, or exceeds the limits
   */
  public static List<YamlNode> read(SourceFile file, Limits limits) throws InvalidYamlException {
    return read(file, file.text(), limits);
  }

  /**
   * Kubernetes and Compose read tabs at a line's end, and JSON may hold them between any values, and
   * escaped slashes; the YAML library reads neither.
   */
  private static List<YamlNode> read(SourceFile file, String text, Limits limits)
      throws InvalidYamlException {
    try {
      return documents(file, text, limits);
    } catch (MarkedYAMLException e) {
      String readable =
          text.stripLeading().startsWith("{")
              // In JSON a tab stands between values only.
              ? ESCAPED_SLASH.matcher(text.replace('\t', ' ')).replaceAll("$1/")
              : TRAILING_TAB.matcher(text).replaceAll(" ");
      if (readable.equals(text)) {
        Mark mark = e.getProblemMark();
        throw new InvalidYamlException(
            mark == null ? Location.start(file.name()) : location(file, mark));
      }
      return read(file, readable, limits);
    } catch (YAMLException e) {
      throw new InvalidYamlException(null);
    }
  }

  private static List<YamlNode> documents(SourceFile file, String text, Limits limits) {
    if (text.length() > limits.values()) {
      count(text, limits);
    }
    List<YamlNode> documents = new ArrayList<>();
    NodeBuilder builder = new NodeBuilder(file, limits);
    for (Node node : yaml(limits).composeAll(new StringReader(text))) {
      YamlNode document = builder.build(node);
      if (!(document instanceof YamlNode.Scalar scalar && scalar.isNull())) {
        documents.add(document);
      }
    }
    return documents;
  }

  /** The nodes of a file take many times its size: there must be room for them before any is made. */
  private static void count(String text, Limits limits) {
    int events = 0;
    for (Event event : yaml(limits).parse(new StringReader(text))) {
      if (++events > limits.values() || event == null) {
        throw new YAMLException("too many values");
      }
    }
  }

  private static Yaml yaml(Limits limits) {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(limits.levels());
    options.setMaxAliasesForCollections(limits.aliases());
    options.setCodePointLimit(limits.characters());
    options.setAllowRecursiveKeys(false);
    // No object is made of any: mkdocs.yml and others have tags of their own.
    options.setTagInspector(_ -> !limits.strict());
    return new Yaml(
        new SafeConstructor(options),
        new Representer(new DumperOptions()),
        new DumperOptions(),
        options);
  }

  private static UnreadableFileException unreadable(SourceFile file, @Nullable Location location) {
    if (location == null) {
      return new UnreadableFileException(
          Severity.ERROR,
          Location.start(file.name()),
          ("is not YAML that can be checked: it holds control characters, is nested deeper than %d"
                  + " levels, holds too many values, or repeats itself by too many aliases")
              .formatted(MANIFEST.levels()),
          "Write it more simply");
    }
    if (file.text().contains("{{")) {
      return new UnreadableFileException(
          Severity.WARNING,
          location,
          "is a template with {{ }} and not YAML yet, so it is not checked",
          "Render it first, as in: helm template CHART | tidegate check -");
    }
    boolean json = file.name().endsWith(".json");
    return new UnreadableFileException(
        Severity.ERROR,
        location,
        "is not valid %s here, so the file is not checked".formatted(json ? "JSON" : "YAML"),
        json ? "Check the commas, brackets and quotes" : REMEDY);
  }

  private static Location location(SourceFile file, Mark mark) {
    return new Location(file.name(), mark.getLine() + 1, mark.getColumn() + 1);
  }

  /**
   * Makes our nodes of the YAML library's: aliases are copied in, merge keys resolved. It counts what
   * it makes, so that a few lines of aliases of aliases end early instead of filling the memory.
   */
  private static final class NodeBuilder {
    /** Aliases may nest further than the text does. */
    private static final int DEEPEST = 200;

    /** The types that YAML sees in values without a tag. */
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

    private final SourceFile file;
    private final Limits limits;
    private int made;
    private @Nullable List<String> lines;

    /** An alias stands for the node itself: each block is looked at once. */
    private final IdentityHashMap<Node, Optional<Location>> blocks = new IdentityHashMap<>();

    NodeBuilder(SourceFile file, Limits limits) {
      this.file = file;
      this.limits = limits;
    }

    YamlNode build(Node node) {
      return build(node, 0);
    }

    private YamlNode build(Node node, int depth) {
      if (++made > limits.values() || depth > DEEPEST) {
        throw new YAMLException("too large");
      }
      return switch (node) {
        case MappingNode mapping ->
            new YamlNode.Mapping(entries(mapping, depth), location(node), tag(node));
        case SequenceNode sequence -> {
          List<YamlNode> list = new ArrayList<>();
          for (Node item : sequence.getValue()) {
            list.add(build(item, depth + 1));
          }
          yield new YamlNode.Sequence(list, location(node), tag(node));
        }
        case ScalarNode scalar ->
            new YamlNode.Scalar(
                scalar.getValue(),
                scalar.getValue(),
                scalar.getTag().equals(Tag.NULL),
                location(node),
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
          YamlNode.Entry earlier = entries.get(key.getValue());
          Location repeats = earlier == null ? null : earlier.key();
          entries.put(key.getValue(), new YamlNode.Entry(location(key), repeats, value));
        } else {
          meaningless(tuple.getKeyNode());
        }
      }
      merged.forEach(entries::putIfAbsent);
      return entries;
    }

    /** Of several merged mappings the first has the last word. */
    private void merge(Node source, Map<String, YamlNode.Entry> merged, int depth) {
      switch (source) {
        case MappingNode mapping -> {
          if (++made > limits.values() || depth > DEEPEST) {
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
        default -> meaningless(source);
      }
    }

    private void meaningless(Node node) {
      if (limits.strict()) {
        throw new ParserException(null, null, "means nothing here", node.getStartMark());
      }
    }

    private Location location(Node node) {
      return YamlReader.location(file, node.getStartMark());
    }

    private @Nullable Location lines(ScalarNode scalar) {
      Mark start = scalar.getStartMark();
      if (scalar.getScalarStyle() != DumperOptions.ScalarStyle.LITERAL) {
        boolean oneLine = start.getLine() == scalar.getEndMark().getLine();
        int quote = scalar.isPlain() ? 0 : 1;
        return oneLine
            ? new Location(file.name(), start.getLine() + 1, start.getColumn() + 1 + quote)
            : null;
      }
      return blocks.computeIfAbsent(scalar, block -> block(scalar)).orElse(null);
    }

    /** The lines of a block begin further in, by what the first of them that is not empty says. */
    private Optional<Location> block(ScalarNode scalar) {
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
          return Optional.of(new Location(file.name(), first + 1, indent + 1));
        }
        below++;
      }
      return Optional.empty();
    }

    private static String tag(Node node) {
      return PLAIN.contains(node.getTag()) ? YamlNode.PLAIN : node.getTag().getValue();
    }
  }

  /**
   * How long the YAML library would take. It looks ahead to the end of a word, a comment or a line of a
   * block, and copies all that it has looked at once more for each kilobyte: the time grows with the
   * square of the length. A megabyte, as in a Secret, takes a second or two; sixteen take minutes.
   */
  private static final class ReadingCost {
    private static final int SHORT = 10_000;

    /** A value of 1.5 million characters, which is what an object of Kubernetes can hold in base64. */
    private static final double MOST = 1.5e6 * 1.5e6;

    static boolean isTooHigh(String text) {
      String first = text.stripLeading();
      boolean json = first.startsWith("{") || first.startsWith("[");
      double cost = 0;
      int from = 0;
      while (from < text.length()) {
        int end = text.indexOf('\n', from);
        int to = end < 0 ? text.length() : end;
        if (to - from > SHORT) {
          cost += line(text, from, to, json);
        }
        from = to + 1;
      }
      return cost > MOST;
    }

    /** A program writes JSON on one line; there each word ends at a quotation mark. */
    private static double line(String text, int from, int to, boolean json) {
      double length = to - from;
      if (!json || text.substring(from, to).matches(".*\\s#.*")) {
        return length * length;
      }
      double cost = 0;
      int start = from;
      for (int i = from; i < to; i++) {
        if (text.charAt(i) == '"') {
          double word = i - start;
          cost += word * word;
          start = i;
        }
      }
      double rest = to - start;
      return cost + rest * rest;
    }
  }
}
