package io.tidegate.manifest.source;

import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.manifest.source.SourceFile.UnreadableFileException;
import io.tidegate.policy.Severity;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Reads the documents of a YAML file. Only the tree of nodes is looked at: no object is ever made of
 * a tag. Messages of the YAML library quote the file, so none of them is passed on.
 */
public final class YamlReader {
  private static final int DEEPEST = 100;
  private static final int MOST_ALIASES = 5_000;
  private static final int LARGE = 500_000;
  private static final int MOST_EVENTS = 500_000;

  private YamlReader() {}

  /**
   * Reads all documents; empty ones are left out.
   *
   * @throws UnreadableFileException if the text is no YAML, or is built to exhaust its reader
   */
  public static List<YamlNode> read(SourceFile file) throws UnreadableFileException {
    if (ReadingCost.isTooHigh(file.text())) {
      throw new UnreadableFileException(
          Severity.ERROR,
          Place.start(file.name()),
          "holds lines of megabytes, which would take too long to read",
          "Break them, or put such data into a file of its own");
    }
    try {
      if (file.text().length() > LARGE) {
        count(file.text());
      }
      List<YamlNode> documents = new ArrayList<>();
      TreeBuilder builder = new TreeBuilder(file);
      for (Node node : yaml().composeAll(new StringReader(file.text()))) {
        YamlNode tree = builder.build(node);
        if (!(tree instanceof YamlNode.Scalar scalar && scalar.isNull())) {
          documents.add(tree);
        }
      }
      return documents;
    } catch (MarkedYAMLException e) {
      throw broken(file, e.getProblemMark());
    } catch (YAMLException e) {
      throw new UnreadableFileException(
          Severity.ERROR,
          Place.start(file.name()),
          ("is not YAML that can be judged: it holds control characters, is nested deeper than %d"
                  + " levels, holds too many values, or repeats itself by too many aliases")
              .formatted(DEEPEST),
          "Write it more simply");
    }
  }

  /** The nodes of a file take many times its size: there must be room for them before any is made. */
  private static void count(String text) {
    int events = 0;
    for (Event event : yaml().parse(new StringReader(text))) {
      if (++events > MOST_EVENTS || event == null) {
        throw new YAMLException("too many values");
      }
    }
  }

  private static UnreadableFileException broken(SourceFile file, @Nullable Mark mark) {
    Place place =
        mark == null
            ? Place.start(file.name())
            : new Place(file.name(), mark.getLine() + 1, mark.getColumn() + 1);
    if (file.text().contains("{{")) {
      return new UnreadableFileException(
          Severity.WARNING,
          place,
          "is a template with {{ }} and not YAML yet, so it is not judged",
          "Render it first, as in: helm template CHART | tidegate check -");
    }
    return new UnreadableFileException(
        Severity.ERROR,
        place,
        "is not valid YAML here, so the file is not judged",
        "Check the indentation, and put quotes around values with special characters");
  }

  private static Yaml yaml() {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(DEEPEST);
    options.setMaxAliasesForCollections(MOST_ALIASES);
    options.setCodePointLimit(SourceFile.LARGEST_BYTES);
    options.setAllowRecursiveKeys(false);
    return new Yaml(
        new SafeConstructor(options),
        new Representer(new DumperOptions()),
        new DumperOptions(),
        options);
  }

  /**
   * How long the YAML library would take. It looks ahead to the end of a word, a comment or a line of a
   * block, and copies all that it has looked at once more for each kilobyte: the time grows with the
   * square of the length. A megabyte, as in a Secret, takes a second or two; sixteen take minutes.
   */
  static final class ReadingCost {
    private static final int SHORT = 10_000;

    /** A value of 1.5 million characters, which is what an object of Kubernetes can hold in base64. */
    private static final double MOST = 1.5e6 * 1.5e6;

    private ReadingCost() {}

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
