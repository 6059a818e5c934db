package io.tidegate.manifest.compose;

import io.tidegate.manifest.source.SourceFile;
import io.tidegate.manifest.source.SourceFile.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of variables, as Compose reads it.
 *
 * @see <a href="https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax">Syntax</a>
 */
final class EnvFile {
  private EnvFile() {}

  /** A line of it. */
  record Line(String name, String value, Place place) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Its variables, in the order written. A line that is none is left out. */
  static List<Line> read(SourceFile file) {
    List<Line> lines = new ArrayList<>();
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
        String value = value(line.substring(equals + 1).strip());
        lines.add(new Line(name, value, new Place(file.name(), number, 1)));
      }
    }
    return lines;
  }

  /** Its variables by name; the last of one name counts. */
  static Map<String, String> map(SourceFile file) {
    Map<String, String> map = new LinkedHashMap<>();
    read(file).forEach(line -> map.put(line.name(), line.value()));
    return map;
  }

  private static String value(String text) {
    if (text.startsWith("'") || text.startsWith("\"")) {
      int end = text.indexOf(text.charAt(0), 1);
      return end < 0 ? text.substring(1) : text.substring(1, end);
    }
    int comment = text.indexOf(" #");
    return comment < 0 ? text : text.substring(0, comment).strip();
  }
}
