package io.tidegate.manifest.compose;

import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the values of a project's variables into its files, as Compose does. A variable that is not set
 * here and has no default stays as {@code ${NAME}}: where it will run it may well be set, so what it
 * stands for is not known.
 *
 * @see <a href="https://docs.docker.com/reference/compose-file/interpolation/">Interpolation</a>
 */
final class ComposeVariables {
  private static final int DEEPEST = 20;

  private final Map<String, String> variables;

  /**
   * Reads the variables of a project.
   *
   * @param first its first file, with {@code .env} beside it
   * @param environment the variables of the shell, which go before those
   */
  ComposeVariables(SourceFile first, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>();
    first
        .beside(".env")
        .ifPresent(file -> envFile(file).forEach(line -> all.put(line.name(), line.value())));
    all.putAll(environment);
    variables = Map.copyOf(all);
  }

  /** A line of a file of variables. */
  record EnvLine(String name, String value, Location location) {
    /** The name only: the value may be secret. */
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * The variables in a file, in the order written. A line that is none is left out.
   *
   * @see <a
   *     href="https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax">Syntax</a>
   */
  static List<EnvLine> envFile(SourceFile file) {
    List<EnvLine> lines = new ArrayList<>();
    int number = 0;
    for (String written : file.lines()) {
      number++;
      String line = written.strip();
      if (line.startsWith("export ")) {
        line = line.substring(7).strip();
      }
      int equals = line.indexOf('=');
      if (!line.startsWith("#") && equals > 0) {
        String name = line.substring(0, equals).strip();
        String value = unquoted(line.substring(equals + 1).strip());
        lines.add(new EnvLine(name, value, new Location(file.name(), number, 1)));
      }
    }
    return lines;
  }

  private static String unquoted(String text) {
    if (text.startsWith("'") || text.startsWith("\"")) {
      int end = text.indexOf(text.charAt(0), 1);
      return end < 0 ? text.substring(1) : text.substring(1, end);
    }
    int comment = text.indexOf(" #");
    return comment < 0 ? text : text.substring(0, comment).strip();
  }

  /** The same node with the texts of all values replaced; keys stay as they are. */
  YamlNode interpolate(YamlNode node) {
    return switch (node) {
      case YamlNode.Scalar scalar ->
          scalar.text().indexOf('$') < 0
              ? scalar
              : new YamlNode.Scalar(
                  replace(scalar.text(), 0),
                  scalar.raw(),
                  scalar.isNull(),
                  scalar.location(),
                  scalar.lines(),
                  scalar.tag());
      case YamlNode.Sequence sequence ->
          new YamlNode.Sequence(
              sequence.list().stream().map(this::interpolate).toList(),
              sequence.location(),
              sequence.tag());
      case YamlNode.Mapping mapping -> {
        Map<String, YamlNode.Entry> map = new LinkedHashMap<>();
        mapping
            .map()
            .forEach((key, entry) ->
                map.put(key, new YamlNode.Entry(entry.key(), interpolate(entry.value()))));
        yield new YamlNode.Mapping(map, mapping.location(), mapping.tag());
      }
    };
  }

  private String replace(String text, int depth) {
    if (depth > DEEPEST) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c != '$' || i + 1 == text.length()) {
        out.append(c);
        i++;
        continue;
      }
      char next = text.charAt(i + 1);
      if (next == '$') {
        out.append('$');
        i += 2;
      } else if (next == '{') {
        int end = closing(text, i + 2);
        if (end < 0) {
          return out.append(text, i, text.length()).toString();
        }
        out.append(braced(text.substring(i + 2, end), depth));
        i = end + 1;
      } else {
        int end = nameEnd(text, i + 1);
        String name = text.substring(i + 1, end);
        out.append(name.isEmpty() ? "$" : variables.getOrDefault(name, "${" + name + "}"));
        i = end;
      }
    }
    return out.toString();
  }

  private String braced(String inside, int depth) {
    int end = nameEnd(inside, 0);
    String name = inside.substring(0, end);
    String rest = inside.substring(end);
    boolean emptyCounts = rest.startsWith(":");
    String operator = emptyCounts ? rest.substring(1) : rest;
    String value = variables.get(name);
    boolean set = value != null && !(emptyCounts && value.isEmpty());
    if (operator.startsWith("-")) {
      return set && value != null ? value : replace(operator.substring(1), depth + 1);
    }
    if (operator.startsWith("+")) {
      return set ? replace(operator.substring(1), depth + 1) : "";
    }
    return value == null ? "${" + name + "}" : value;
  }

  private static int closing(String text, int from) {
    int open = 1;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{' && text.charAt(i - 1) == '$') {
        open++;
      } else if (c == '}' && --open == 0) {
        return i;
      }
    }
    return -1;
  }

  private static int nameEnd(String text, int from) {
    int i = from;
    while (i < text.length()
        && (Character.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '_')) {
      i++;
    }
    return i;
  }
}
