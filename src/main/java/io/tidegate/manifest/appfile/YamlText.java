package io.tidegate.manifest.appfile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * YAML, line by line: Rails and others put templates into theirs, with which it is no YAML yet. What
 * stands in braces on one line is taken as one value.
 */
final class YamlText {
  private static final Pattern LINE =
      Pattern.compile(
          "(?<indent>[ \\t]*+(?:- ++)*+)(?<key>[^\\s#:\\-{\\[][^:]{0,200}+):(?<value>\\s.*)?");

  private record Section(int indent, String key) {}

  private YamlText() {}

  static List<Setting> read(String text) {
    AppSettings settings = new AppSettings();
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
        String bare = AppSettings.value(value.strip().replaceFirst("^[&!][^\\s]*\\s*", ""));
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
