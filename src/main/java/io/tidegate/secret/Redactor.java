package io.tidegate.secret;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/**
 * Masks secrets in text that is about to leave the program: log lines, problems, endpoint bodies.
 * The last line of defence, since messages of drivers are not ours to word.
 */
public final class Redactor {
  /** What stands in the place of a secret. */
  public static final String MASK = "***";

  /** Shorter values are masked only where their place gives them away, or all text would be stars. */
  private static final int SHORTEST_REGISTERED = 4;

  /** Longest first, so that a secret that contains another is masked whole. */
  private static final Set<String> VALUES = new ConcurrentSkipListSet<>(Redactor::longestFirst);

  /** Words that stand in every URL; as a password they are no secret where they stand so. */
  private static final Set<String> PUBLIC =
      Set.of(
          "postgres",
          "postgresql",
          "mysql",
          "mariadb",
          "redis",
          "rediss",
          "valkey",
          "memcached",
          "mongodb",
          "mongodb+srv",
          "sqlite");

  private static final Pattern USER_INFO = Pattern.compile("(://[^\\s/@:'\"]*:)[^\\s/@'\"]+@");
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)((?:password|passwd|pwd|secret|token|api[_-]?key)\\s*[=:]\\s*)(?!(?:YES|NO)\\))([^\\s&;,'\"}\\]]+)");

  private Redactor() {}

  private static int longestFirst(String one, String other) {
    return one.length() == other.length()
        ? one.compareTo(other)
        : Integer.compare(other.length(), one.length());
  }

  static void register(String value) {
    if (value.length() >= SHORTEST_REGISTERED) {
      VALUES.add(value);
      VALUES.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
      VALUES.add(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    }
  }

  /** Masks no registered value from now on: for tests, which share a process. */
  static void forgetAll() {
    VALUES.clear();
  }

  /** The same text with every known secret, and whatever stands where secrets stand, masked. */
  public static String redact(String text) {
    String result = text;
    for (String value : VALUES) {
      if (result.contains(value)) {
        result = masked(result, value);
      }
    }
    result = USER_INFO.matcher(result).replaceAll("$1" + MASK + "@");
    return NAMED.matcher(result).replaceAll("$1" + MASK);
  }

  /** The same of text that may hold anything: what ends a line or commands a terminal becomes a space. */
  public static String redactLine(String text) {
    return redact(text.replaceAll("[\\p{Cntrl}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]", " "));
  }

  /** A name that a colon will follow: in backticks where what is said of it would be taken for a secret. */
  public static String asName(String name) {
    return NAMED.matcher(name + ": x").find() ? "`" + name + "`" : name;
  }

  private static String masked(String text, String value) {
    StringBuilder masked = new StringBuilder();
    int done = 0;
    for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, done)) {
      int end = at + value.length();
      masked.append(text, done, at).append(isPublic(text, at, end) ? value : MASK);
      done = end;
    }
    return masked.append(text, done, text.length()).toString();
  }

  /** Whether what stands there is a URL's scheme, the beginning of a rule's name, or a part of such. */
  private static boolean isPublic(String text, int from, int to) {
    int start = from;
    while (start > 0 && isOfWord(text.charAt(start - 1))) {
      start--;
    }
    int end = to;
    while (end < text.length() && isOfWord(text.charAt(end))) {
      end++;
    }
    String word = text.substring(start, end);
    String value = text.substring(from, to);
    boolean alone = word.equals(value);
    return PUBLIC.contains(word)
        ? !alone || text.startsWith("://", end)
        : start == from && PUBLIC.contains(value) && word.startsWith(value + "-");
  }

  private static boolean isOfWord(char c) {
    return Character.isLetterOrDigit(c) || c == '+' || c == '-' || c == '_';
  }
}
