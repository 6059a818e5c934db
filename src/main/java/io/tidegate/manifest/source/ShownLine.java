package io.tidegate.manifest.source;

import io.tidegate.secret.Redactor;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a file as it may be shown: what stands where secrets stand is masked. The rules do not
 * quote values; the line around what they found might.
 */
public final class ShownLine {
  private static final int LONGEST = 160;

  /** A key, and what follows it on the same line. */
  private static final Pattern PAIR =
      Pattern.compile(
          "(?<key>[\"']?[A-Za-z_][\\w.-]*[\"']?\\s*(?::\\s+|=|:(?=[\"']))[\"']?)(?<value>[^,}\\]\\s][^,}\\]]*)");

  private static final Pattern OPTION =
      Pattern.compile(
          "(?i)((?:--?requirepass|--?masterauth|--?pass(?:word)?|--?auth(?:-token)?|--?token|--?secret"
              + "|--?api-?key|\\bAUTH)[\"']?\\s*[=,\\s]\\s*[\"']?)([^\\s\"',\\]]+)");
  private static final Pattern SHORT_OPTION =
      Pattern.compile(
          "(\\s-a[\"']?[,\\s]\\s*[\"']?|[\"']-a[\"'],\\s*[\"']?|\\s-p(?=[^\\s\\d:]))([^\\s\"',\\]]+)");
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?i)([?&;][a-z0-9_.-]{0,40}(?:key|pass|pwd|secret|token|auth)[a-z0-9_.-]{0,40}=)[^&;\\s\"']+");
  private static final Pattern LOGIN = Pattern.compile("(\\s-u[\"',\\s]+[^\\s:\"']+:)[^\\s\"']+");
  private static final Pattern USER_INFO = Pattern.compile("(://)([^\\s\"'/]*:[^\\s\"']*)@");
  private static final Pattern LONG_TOKEN = Pattern.compile("[A-Za-z0-9+/_=-]{40,}");

  private ShownLine() {}

  /**
   * The line as it may be shown.
   *
   * @param secret whether every value in this part of the file is secret
   */
  public static String of(String line, boolean secret) {
    String bounded = line.length() > 2_000 ? line.substring(0, 2_000) : line;
    String clean = bounded.replaceAll("\\p{Cntrl}", " ").stripTrailing();
    String masked = secret ? everything(clean) : pairs(clean);
    masked = OPTION.matcher(masked).replaceAll("$1" + Redactor.MASK);
    masked = SHORT_OPTION.matcher(masked).replaceAll("$1" + Redactor.MASK);
    masked = USER_INFO.matcher(masked).replaceAll("$1" + Redactor.MASK + "@");
    masked = PARAMETER.matcher(masked).replaceAll("$1" + Redactor.MASK);
    masked = LOGIN.matcher(masked).replaceAll("$1" + Redactor.MASK);
    masked = LONG_TOKEN.matcher(masked).replaceAll(ShownLine::token);
    masked = Redactor.redact(masked);
    return masked.length() <= LONGEST ? masked : masked.substring(0, LONGEST) + "...";
  }

  private static String everything(String line) {
    int colon = line.indexOf(':');
    return colon < 0 ? Redactor.MASK : line.substring(0, colon + 1) + " " + Redactor.MASK;
  }

  private static String pairs(String line) {
    Matcher matcher = PAIR.matcher(line);
    StringBuilder out = new StringBuilder();
    int from = 0;
    while (matcher.find(from)) {
      out.append(line, from, matcher.start("value"));
      String key = matcher.group("key").replaceAll("[\\s\"'=:]", "");
      String value = matcher.group("value");
      if (SecretNames.isSecret(key) && !value.strip().startsWith("${")) {
        // A password may hold a comma: nothing after it on this line is worth the risk.
        return out.append(Redactor.MASK).toString();
      }
      // Only the first word: the value of one pair may hold the next, as in - KEY=value.
      int step = 1;
      out.append(value, 0, step);
      from = matcher.start("value") + step;
    }
    return out.append(line.substring(from)).toString();
  }

  /** Digests of images are long too, and public. */
  private static String token(MatchResult match) {
    String text = match.group();
    return text.contains("/") || text.matches("[0-9a-f]{64}|[a-z0-9_-]+")
        ? Matcher.quoteReplacement(text)
        : Redactor.MASK;
  }
}
