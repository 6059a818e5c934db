package io.tidegate.manifest.source;

/**
 * How long the YAML library would take. It looks ahead to the end of a word, a comment or a line of a
 * block, and copies all that it has looked at once more for each kilobyte: the time grows with the
 * square of the length. A megabyte, as in a Secret, takes a second or two; sixteen take minutes.
 */
final class ReadingCost {
  private static final int SHORT = 10_000;

  /** A value of 1.5 million characters, which is what an object of Kubernetes can hold in base64. */
  private static final double MOST = 1.5e6 * 1.5e6;

  private ReadingCost() {}

  static boolean isTooHigh(String text) {
    String first = text.stripLeading();
    boolean json = first.startsWith("{") || first.startsWith("[");
    double cost = 0;
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      int to = end < 0 ? text.length() : end;
      if (to - from > SHORT) {
        cost += line(text, from, to, json);
      }
      from = to + 1;
    }
    return cost > MOST;
  }

  /** A program writes JSON on one line; there each word ends at a quotation mark. */
  private static double line(String text, int from, int to, boolean json) {
    double length = to - from;
    if (!json || text.substring(from, to).matches(".*\\s#.*")) {
      return length * length;
    }
    double cost = 0;
    int start = from;
    for (int i = from; i < to; i++) {
      if (text.charAt(i) == '"') {
        double word = i - start;
        cost += word * word;
        start = i;
      }
    }
    double rest = to - start;
    return cost + rest * rest;
  }
}
