package io.tidegate.web;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A piece of a page. Made by {@link #of}, which escapes every value that is not a piece itself. */
record Html(String markup) {
  /** Nothing. */
  static final Html NONE = new Html("");

  private static final String PLACE = "{}";
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /**
   * Fills a template in.
   *
   * @param template markup of ours, with {@code {}} where a value stands: as text, or within the
   *     double quotes of an attribute
   * @param values a piece, or a list of pieces, stands as it is; anything else is escaped; null is
   *     empty
   * @throws IllegalArgumentException if there are more or fewer values than places
   */
  static Html of(String template, @Nullable Object... values) {
    StringBuilder markup = new StringBuilder(template.length() + 64);
    int done = 0;
    for (Object value : values) {
      int place = template.indexOf(PLACE, done);
      if (place < 0) {
        throw new IllegalArgumentException("more values than places in " + template);
      }
      append(markup.append(template, done, place), value);
      done = place + PLACE.length();
    }
    if (template.indexOf(PLACE, done) >= 0) {
      throw new IllegalArgumentException("fewer values than places in " + template);
    }
    return new Html(markup.append(template, done, template.length()).toString());
  }

  /** Escaped text in which what stands between backquotes is shown as code. */
  static Html prose(String text) {
    return new Html(CODE.matcher(of(PLACE, text).markup()).replaceAll("<code>$1</code>"));
  }

  private static void append(StringBuilder markup, @Nullable Object value) {
    switch (value) {
      case null -> {}
      case Html(String piece) -> markup.append(piece);
      case List<?> pieces -> pieces.forEach(piece -> append(markup, piece));
      default -> escape(markup, value.toString());
    }
  }

  private static void escape(StringBuilder markup, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> markup.append("&lt;");
        case '>' -> markup.append("&gt;");
        case '&' -> markup.append("&amp;");
        case '"' -> markup.append("&quot;");
        case '\'' -> markup.append("&#39;");
        default -> markup.append(c);
      }
    }
  }
}
