package io.tidegate.config;

import io.tidegate.config.Declarations.Declared;
import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.YamlNode;
import io.tidegate.source.YamlReader;
import io.tidegate.source.YamlReader.InvalidYamlException;
import io.tidegate.source.YamlReader.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the YAML file into keys with dots: a value keeps its text, and each key knows its line. */
final class YamlFile {
  private static final Limits LIMITS = new Limits(1_048_576, 20, 20, 5_000, true);

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
      yaml.parse(FileText.read(file, file.toString(), LIMITS.characters()));
    } catch (RefusedValue e) {
      problems.add(origin, e);
    }
    return yaml.found;
  }

  private void parse(String text) {
    try {
      List<YamlNode> documents =
          YamlReader.read(new SourceFile(file.toString(), file, text), LIMITS);
      if (documents.size() > 1) {
        problems.add(at(documents.get(1).location()), "is a second document", "Keep one of them");
      } else if (!documents.isEmpty() && documents.getFirst() instanceof YamlNode.Mapping mapping) {
        mapping(mapping, "");
      } else if (!documents.isEmpty()) {
        problems.add(
            at(documents.getFirst().location()),
            "is not a mapping of keys",
            "Begin it with tidegate:");
      }
    } catch (InvalidYamlException e) {
      Location location = e.location();
      if (location == null) {
        problems.add(
            file.toString(),
            "is not a YAML file that can be used: without control characters, at most %d levels"
                    .formatted(LIMITS.levels())
                + " deep, with few aliases and not too many keys",
            "Write it more simply");
      } else {
        problems.add(
            at(location) + ", column " + location.column(),
            "is not valid YAML here",
            YamlReader.REMEDY);
      }
    }
  }

  private void mapping(YamlNode.Mapping mapping, String prefix) {
    mapping
        .map()
        .forEach((name, entry) -> {
          Location earlier = entry.repeats();
          if (earlier != null) {
            repeated(prefix, name, entry.key(), earlier);
          }
          value(prefix + name, at(entry.key()), entry.value());
        });
  }

  private void repeated(String prefix, String name, Location key, Location earlier) {
    boolean target = Key.normal(prefix).endsWith("targets.");
    problems.add(
        at(key),
        (target
                ? "two targets have one name, %s, also at line %d"
                : "%s is declared twice, also at line %d")
            .formatted(Problems.printable(name), earlier.line()),
        target ? "Rename one of them" : "Keep one of the two");
  }

  private void value(String key, String origin, YamlNode value) {
    if (!value.tag().equals(YamlNode.PLAIN)) {
      problems.add(
          origin, "the value has a YAML tag or type that has no meaning here", "Put it in quotes");
      return;
    }
    switch (value) {
      case YamlNode.Mapping mapping -> mapping(mapping, key + ".");
      case YamlNode.Sequence sequence -> sequence(key, origin, sequence);
      case YamlNode.Scalar scalar ->
          found.add(new Declared(key, scalar.isNull() ? "" : scalar.text(), origin));
    }
  }

  /** A list of plain values means the same as their text with commas. */
  private void sequence(String key, String origin, YamlNode.Sequence sequence) {
    List<String> values = new ArrayList<>();
    for (YamlNode item : sequence.list()) {
      if (!(item instanceof YamlNode.Scalar scalar)) {
        problems.add(
            origin,
            "is a list of mappings, where names are expected",
            "Write each as a key of its own, as in targets: {db: {url: ...}}");
        return;
      }
      values.add(scalar.text());
    }
    found.add(new Declared(key, String.join(",", values), origin));
  }

  private String at(Location location) {
    return file + " line " + location.line();
  }
}
