package io.tidegate.manifest.appfile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One setting a line, perhaps under a heading in brackets: properties, INI, TOML, variables. */
final class LineText {
  private LineText() {}

  static List<Setting> read(String text) {
    AppSettings settings = new AppSettings();
    List<String> section = List.of();
    int number = 0;
    for (String written : text.lines().toList()) {
      number++;
      String line = written.strip();
      if (line.isEmpty() || "#;!".indexOf(line.charAt(0)) >= 0) {
        continue;
      }
      if (line.startsWith("[")) {
        section = keys(line.replaceAll("^\\[{1,2}|\\]{1,2}[^\\]]*$", ""));
        continue;
      }
      int separator = separator(line);
      if (separator > 0) {
        List<String> path = new ArrayList<>(section);
        path.addAll(keys(line.substring(0, separator).replaceFirst("^export\\s+", "")));
        settings.add(
            path,
            AppSettings.value(line.substring(separator + 1)),
            number,
            written.indexOf(line.charAt(0)) + 1);
      }
    }
    return settings.list();
  }

  /** The first equals sign or colon, as the formats have it. */
  private static int separator(String line) {
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == '=' || line.charAt(i) == ':') {
        return i;
      }
    }
    return -1;
  }

  private static List<String> keys(String text) {
    return Arrays.stream(text.strip().split("\\.", 50))
        .map(key -> key.replaceAll("[\"'\\s]", ""))
        .toList();
  }
}
