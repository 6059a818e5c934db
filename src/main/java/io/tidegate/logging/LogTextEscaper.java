package io.tidegate.logging;

import io.tidegate.secret.Redactor;

/** Text that cannot do harm in a line: redacted, and without any character that ends or rewrites one. */
final class LogTextEscaper {
  private LogTextEscaper() {}

  /** The text for a line that people read. */
  static String text(String text) {
    return append(new StringBuilder(text.length()), Redactor.redact(text), false).toString();
  }

  /** The text as a JSON string, with its quotes. */
  static StringBuilder json(StringBuilder line, String text) {
    return append(line.append('"'), Redactor.redact(text), true).append('"');
  }

  private static StringBuilder append(StringBuilder line, String text, boolean quoted) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        case '"', '\\' -> line.append(quoted ? "\\" : "").append(c);
        default -> {
          if (harmful(c)) {
            line.append("\\u%04x".formatted((int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
    return line;
  }

  /** Control characters, line and paragraph separators, and marks that turn the reading direction. */
  private static boolean harmful(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
