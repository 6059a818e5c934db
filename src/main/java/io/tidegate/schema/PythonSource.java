package io.tidegate.schema;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Python file assigns to a name, read from its text and never run: {@code None}, a string, or
 * strings in brackets. Comments, and strings over several lines such as the one that describes the
 * module, are passed over.
 */
final class PythonSource {
  /** Takes runs as a whole: of a long list, one step a character would exhaust the stack. */
  private static final Pattern PLAIN = Pattern.compile("(?:None\\b|[\\s,()\\[\\]{}\\\\]++)*+");

  /** What may stand right before a string that is taken as it is written. */
  private static final Pattern PREFIX = Pattern.compile("(?<!\\w)[urUR]$");

  private final Path file;
  private final String code;

  private PythonSource(Path file, String code) {
    this.file = file;
    this.code = code;
  }

  /**
   * Reads a file.
   *
   * @throws io.tidegate.problem.ProblemException with exit 78 if it cannot be read
   */
  static PythonSource read(Path file) {
    try {
      return of(file, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw HistoryGate.refusal(
          "leads to %s, which cannot be read".formatted(file),
          "Make it readable for the user that Tidegate runs as");
    }
  }

  /** Takes a file's text. */
  static PythonSource of(Path file, String text) {
    StringBuilder code = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int end = at + 1;
      if (c == '#') {
        end = text.indexOf('\n', at);
        end = end < 0 ? text.length() : end;
      } else if (isQuote(c)) {
        end = endOfString(text, at);
        String literal = text.substring(at, end);
        code.append(literal.indexOf('\n') < 0 ? literal : "''");
      } else {
        code.append(c);
      }
      at = end;
    }
    return new PythonSource(file, code.toString());
  }

  /** Whether the file defines that class. */
  boolean hasClass(String name) {
    return Pattern.compile("(?m)^class[ \\t]+" + name + "\\b").matcher(code).find();
  }

  /**
   * The strings that are assigned to a name, none for {@code None}; empty if nothing is. Of several
   * assignments the last counts, as in Python.
   *
   * @param indent what may stand before the name: a pattern, empty for a name of the module
   * @throws io.tidegate.problem.ProblemException with exit 78 if the value is computed
   */
  Optional<List<String>> strings(String name, String indent) {
    Matcher assignment =
        Pattern.compile("(?m)^" + indent + name + "[ \\t]*(?::[^=\\n]*)?=(?!=)").matcher(code);
    int start = -1;
    while (assignment.find()) {
      start = assignment.end();
    }
    return start < 0 ? Optional.empty() : Optional.of(value(name, start));
  }

  private List<String> value(String name, int start) {
    List<String> strings = new ArrayList<>();
    StringBuilder rest = new StringBuilder();
    int open = 0;
    int at = start;
    while (at < code.length()) {
      char c = code.charAt(at);
      if (isQuote(c)) {
        rest.setLength(PREFIX.matcher(rest).replaceFirst("").length());
        int end = endOfString(code, at);
        int quotes = code.startsWith(String.valueOf(c).repeat(3), at) ? 3 : 1;
        strings.add(code.substring(at + quotes, Math.max(at + quotes, end - quotes)));
        at = end;
        continue;
      }
      if (c == ';' || (c == '\n' && open == 0 && code.charAt(at - 1) != '\\')) {
        break;
      }
      open += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      rest.append(c);
      at++;
    }
    if (!PLAIN.matcher(rest).matches()) {
      throw HistoryGate.refusal(
          "leads to %s, whose %s is computed, and Python is not run here".formatted(file, name),
          "Write it as a string, or declare schema.revision in place of the directory");
    }
    return strings;
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }

  /** Behind the string that begins there; one in single quotes ends with its line at the latest. */
  private static int endOfString(String text, int start) {
    String quote = text.substring(start, start + 1);
    boolean isLong = text.startsWith(quote.repeat(3), start);
    String closing = isLong ? quote.repeat(3) : quote;
    int at = start + closing.length();
    while (at < text.length()) {
      if (text.charAt(at) == '\\') {
        at += 2;
      } else if (text.startsWith(closing, at)) {
        return at + closing.length();
      } else if (!isLong && text.charAt(at) == '\n') {
        return at;
      } else {
        at++;
      }
    }
    return text.length();
  }
}
