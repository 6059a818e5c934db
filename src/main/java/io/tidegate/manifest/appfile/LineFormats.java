package io.tidegate.manifest.appfile;

import io.tidegate.manifest.appfile.AppFile.Setting;
import io.tidegate.manifest.appfile.AppFile.SettingList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One setting a line, perhaps under a heading in brackets: properties, INI, TOML, variables. */
final class LineFormats {
  private LineFormats() {}

  static List<Setting> read(String text) {
    SettingList settings = new SettingList();
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
            SettingList.value(line.substring(separator + 1)),
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

  /**
   * YAML, line by line: Rails and others put templates into theirs, with which it is no YAML yet. What
   * stands in braces on one line is taken as one value.
   */
  static final class YamlLines {
    private static final Pattern LINE =
        Pattern.compile(
            "(?<indent>[ \\t]*+(?:- ++)*+)(?<key>[^\\s#:\\-{\\[][^:]{0,200}+):(?<value>\\s.*)?");

    private record Section(int indent, String key) {}

    static List<Setting> read(String text) {
      SettingList settings = new SettingList();
      Deque<Section> open = new ArrayDeque<>();
      int number = 0;
      for (String line : text.lines().toList()) {
        number++;
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
          continue;
        }
        int indent = matcher.end("indent");
        while (!open.isEmpty() && open.peekLast().indent() >= indent) {
          open.removeLast();
        }
        String key = matcher.group("key").strip().replaceAll("[\"']", "");
        open.addLast(new Section(indent, key));
        String value = matcher.group("value");
        if (value != null) {
          // An anchor or a tag stands before a value and is none.
          String bare = SettingList.value(value.strip().replaceFirst("^[&!][^\\s]*\\s*", ""));
          settings.add(path(open), bare, number, indent + 1);
        }
      }
      return settings.list();
    }

    private static List<String> path(Deque<Section> open) {
      List<String> path = new ArrayList<>();
      for (Section section : open) {
        path.addAll(List.of(section.key().split("\\.", -1)));
      }
      return path;
    }
  }
}
