package io.tidegate.json;

/**
 * Writes JSON in the order in which its methods are called, and puts in commas, quotes and escapes.
 * The log needs it in the first milliseconds of every start, so it loads no library.
 */
public final class JsonWriter {
  private final StringBuilder out = new StringBuilder(256);
  private final boolean indented;
  private int depth;

  /** Whether an object or array has just begun. */
  private boolean first;

  /** Whether the next value needs nothing before it: it is the whole text, or follows its name. */
  private boolean ready = true;

  private JsonWriter(boolean indented) {
    this.indented = indented;
  }

  /** Writes all on one line, without blanks. */
  public static JsonWriter onOneLine() {
    return new JsonWriter(false);
  }

  /** Writes for people too: a line for each property. */
  public static JsonWriter indented() {
    return new JsonWriter(true);
  }

  /** Begins an object. */
  public JsonWriter beginObject() {
    separate();
    out.append('{');
    depth++;
    first = true;
    return this;
  }

  /** Ends the object that was begun last. */
  public JsonWriter endObject() {
    depth--;
    if (indented) {
      out.append(first ? " " : lineBreak());
    }
    out.append('}');
    first = false;
    return this;
  }

  /** Begins an array. */
  public JsonWriter beginArray() {
    separate();
    out.append('[');
    first = true;
    return this;
  }

  /** Ends the array that was begun last. */
  public JsonWriter endArray() {
    out.append(indented ? " ]" : "]");
    first = false;
    return this;
  }

  /** The name of the property whose value comes next. */
  public JsonWriter name(String name) {
    out.append(first ? "" : ",").append(indented ? lineBreak() : "");
    string(name).append(indented ? " : " : ":");
    first = false;
    ready = true;
    return this;
  }

  /** A text. */
  public JsonWriter value(String value) {
    separate();
    string(value);
    return this;
  }

  /** A number. */
  public JsonWriter value(long value) {
    separate();
    out.append(value);
    return this;
  }

  /** True or false. */
  public JsonWriter value(boolean value) {
    separate();
    out.append(value);
    return this;
  }

  /** Null. */
  public JsonWriter nullValue() {
    separate();
    out.append("null");
    return this;
  }

  /** A property that is a text. */
  public JsonWriter property(String name, String value) {
    return name(name).value(value);
  }

  /** A property that is a number. */
  public JsonWriter property(String name, long value) {
    return name(name).value(value);
  }

  /** All that was written. */
  @Override
  public String toString() {
    return out.toString();
  }

  /**
   * A text without any character that ends a line or rewrites it: such a character is written as in
   * JSON, but quotation marks and backslashes are left alone.
   */
  public static String printable(String text) {
    return escape(new StringBuilder(text.length()), text, false).toString();
  }

  /** What stands before a value of an array. */
  private void separate() {
    if (!ready) {
      out.append(first ? "" : ",").append(indented ? " " : "");
    }
    ready = false;
    first = false;
  }

  private String lineBreak() {
    return "\n" + "  ".repeat(depth);
  }

  private StringBuilder string(String text) {
    return escape(out.append('"'), text, true).append('"');
  }

  private static StringBuilder escape(StringBuilder out, String text, boolean quoted) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '"', '\\' -> out.append(quoted ? "\\" : "").append(c);
        default -> {
          if (rewritesLines(c)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out;
  }

  /** Control characters, line and paragraph separators, and marks that turn the reading direction. */
  private static boolean rewritesLines(char c) {
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
