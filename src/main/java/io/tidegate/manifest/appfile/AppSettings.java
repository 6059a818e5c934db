package io.tidegate.manifest.appfile;

import java.util.ArrayList;
import java.util.List;

/** Gathers settings, up to a number that no configuration written by hand reaches. */
final class AppSettings {
  private static final int MOST = 20_000;
  private static final int LONGEST_PATH = 50;
  private static final int LONGEST_KEY = 200;

  private final List<Setting> settings = new ArrayList<>();

  /** Adds one, if it has a value. */
  void add(List<String> path, String value, int line, int column) {
    boolean bounded =
        path.size() <= LONGEST_PATH && path.stream().allMatch(key -> key.length() <= LONGEST_KEY);
    if (!value.isEmpty() && !isFull() && bounded) {
      settings.add(new Setting(path, value, line, column));
    }
  }

  /** Whether no more are taken. */
  boolean isFull() {
    return settings.size() >= MOST;
  }

  List<Setting> list() {
    return List.copyOf(settings);
  }

  /** Without the quotes around it and, where there are none, without the comment behind it. */
  static String value(String written) {
    String text = written.strip();
    if (text.isEmpty()) {
      return text;
    }
    char quote = text.charAt(0);
    if (quote == '"' || quote == '\'') {
      int end = text.indexOf(quote, 1);
      return end < 0 ? text.substring(1) : text.substring(1, end);
    }
    for (int i = 1; i < text.length(); i++) {
      boolean comment = text.charAt(i) == '#' || text.charAt(i) == ';';
      if (comment && Character.isWhitespace(text.charAt(i - 1))) {
        return text.substring(0, i).strip();
      }
    }
    return text;
  }
}
