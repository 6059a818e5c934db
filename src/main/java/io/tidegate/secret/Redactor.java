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

  private static final Pattern USER_INFO = Pattern.compile("(://[^\\s/@:'\"]*:)[^\\s/@'\"]+@");
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)((?:password|passwd|pwd|secret|token|api[_-]?key)\\s*[=:]\\s*)([^\\s&;,'\"}\\]]+)");

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

  /** The same text with every known secret, and whatever stands where secrets stand, masked. */
  public static String redact(String text) {
    String result = text;
    for (String value : VALUES) {
      if (result.contains(value)) {
        result = result.replace(value, MASK);
      }
    }
    result = USER_INFO.matcher(result).replaceAll("$1" + MASK + "@");
    return NAMED.matcher(result).replaceAll("$1" + MASK);
  }
}
