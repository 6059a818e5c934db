package io.tidegate.manifest.appfile;

import io.tidegate.manifest.appfile.AppFile.Setting;
import io.tidegate.manifest.appfile.AppFile.SettingList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands in braces: JSON, JavaScript, TypeScript, Python, Prisma. Only a text that follows its key
 * at once is a setting: what a program computes, or takes as the default of a variable, is not known.
 */
final class CodeFormat {
  private static final int DEEPEST = 50;
  private static final int MOST_WORDS = 5;

  /** What a module hands out has no name of its own. */
  private static final String MODULE = "module.exports";

  private final String text;
  private final String comment;
  private final SettingList settings = new SettingList();
  private final Deque<Brace> open = new ArrayDeque<>();
  private int at;
  private int line = 1;
  private int lineStart;

  /** The words since the last sign that separates: a key, if a colon or an equals sign follows. */
  private List<String> words = new ArrayList<>();

  private int keyLine = 1;
  private int keyColumn = 1;
  private @Nullable String key;

  /** Whether nothing stands yet between the key and here. */
  private boolean fresh;

  private record Brace(char sign, String key) {}

  private CodeFormat(String text, String comment) {
    this.text = text;
    this.comment = comment;
  }

  /** JSON, JavaScript, TypeScript, Prisma. */
  static List<Setting> read(String text) {
    return new CodeFormat(text, "//").read();
  }

  static List<Setting> python(String text) {
    return new CodeFormat(text, "#").read();
  }

  private List<Setting> read() {
    while (at < text.length() && !settings.isFull() && open.size() <= DEEPEST) {
      char c = text.charAt(at);
      if (c == '\n') {
        at++;
        line++;
        lineStart = at;
        if (!fresh) {
          forget();
        }
      } else if (Character.isWhitespace(c)) {
        at++;
      } else if (text.startsWith(comment, at)) {
        skipTo("\n", 0);
      } else if (text.startsWith("/*", at)) {
        skipTo("*/", 2);
      } else if (c == '"' || c == '\'' || c == '`') {
        literal(c);
      } else if (isWord(c)) {
        word();
      } else {
        sign(c);
      }
    }
    return settings.list();
  }

  private void sign(char c) {
    at++;
    switch (c) {
      case '{', '[', '(' -> {
        String name = key == null ? String.join(".", words) : key;
        boolean named = c != '(' && !name.equals(MODULE);
        open.addLast(new Brace(c, named ? name : ""));
        forget();
      }
      case '}', ']', ')' -> {
        open.pollLast();
        forget();
      }
      case ',', ';' -> forget();
      case ':', '=' -> assign(c);
      default -> {
        fresh = false;
        if (key == null) {
          words = new ArrayList<>();
        }
      }
    }
  }

  private void assign(char c) {
    boolean compares = at < text.length() && (text.charAt(at) == '=' || text.charAt(at) == '>');
    if (compares) {
      at++;
      forget();
    } else if (key != null) {
      // A type stands between the two: DATABASE_URL: str = "sqlite:///app.db".
      fresh = c == '=';
    } else if (!words.isEmpty()) {
      key = String.join(".", words);
      fresh = true;
    }
  }

  private void word() {
    int from = at;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    // Python's r"" and f"" are texts too.
    boolean prefix = at - from <= 2 && at < text.length() && "\"'".indexOf(text.charAt(at)) >= 0;
    if (!prefix) {
      add(text.substring(from, at), from);
      fresh = false;
    }
  }

  private void literal(char quote) {
    int from = at;
    String mark = String.valueOf(quote).repeat(3);
    if (quote != '`' && text.startsWith(mark, at)) {
      skipTo(mark, 3);
      fresh = false;
      return;
    }
    at++;
    while (at < text.length() && text.charAt(at) != quote && text.charAt(at) != '\n') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    at = Math.min(at, text.length());
    String value = text.substring(from + 1, at);
    if (at < text.length() && text.charAt(at) == quote) {
      at++;
    }
    Brace inner = open.peekLast();
    if (key == null) {
      add(value, from);
    } else if (fresh && (inner == null || inner.sign() != '(')) {
      settings.add(path(key), value.replace("\\\\", "\\"), keyLine, keyColumn);
    }
    fresh = false;
  }

  private List<String> path(String last) {
    List<String> path = new ArrayList<>();
    for (Brace brace : open) {
      if (!brace.key().isEmpty()) {
        path.add(brace.key());
      }
    }
    path.add(last);
    return path;
  }

  private void add(String word, int from) {
    if (key == null && words.size() < MOST_WORDS) {
      if (words.isEmpty()) {
        keyLine = line;
        keyColumn = from - lineStart + 1;
      }
      words.add(word);
    }
  }

  private void forget() {
    key = null;
    fresh = false;
    words = new ArrayList<>();
  }

  /** Goes behind the next such mark, counting lines; a comment's end of line stays to be seen. */
  private void skipTo(String mark, int length) {
    int found = text.indexOf(mark, at + length);
    int end = found < 0 ? text.length() : found + length;
    for (int i = at; i < end; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    at = end;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '$';
  }
}
