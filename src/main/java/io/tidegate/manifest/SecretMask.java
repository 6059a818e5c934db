package io.tidegate.manifest;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.secret.Redactor;
import io.tidegate.source.SecretNames;
import io.tidegate.source.SourceFile.SourceText;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Masks the secrets on a line of a file that is shown. The rules do not quote values; the line around
 * what they found might. Masked are what stands where secrets stand, and the secrets that are known from
 * the files, wherever they stand.
 */
final class SecretMask {
  private static final int LONGEST_LINE = 160;

  /** So much of a line is looked at: one may be as long as its file. */
  private static final int LONGEST_MASKED = 2_000;

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

  private static final int SHORTEST_SECRET = 4;
  private static final int MOST_SECRETS = 10_000;

  /** What everybody tries first is no secret, and masking it would blank out names of images. */
  private static final Set<String> KNOWN_TO_ALL =
      Set.of(
          "postgres",
          "postgresql",
          "mysql",
          "mariadb",
          "redis",
          "mongo",
          "mongodb",
          "root",
          "admin",
          "user",
          "true",
          "false",
          "test",
          "example",
          "none");

  /** Keys whose value is the name of what the next one holds. */
  private static final Set<String> NAMING = Set.of("name", "key");

  /** The longest first: one secret may hold another. */
  private final Set<String> values =
      new TreeSet<>(
          Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(Comparator.naturalOrder()));

  /** Remembers the secrets of a stack. */
  void add(Stack stack) {
    for (Container container : stack.containers()) {
      container.environment().forEach(variable -> add(variable, variable.name()));
    }
    stack.writtenSecrets().stream()
        .map(Stack.WrittenSecret::value)
        .forEach(value ->
            add(value, value.origin() == Variable.Origin.SECRET ? "SECRET" : value.name()));
  }

  private void add(Variable variable, String name) {
    SourceText text = variable.value();
    if (text == null || !SecretNames.isSecret(name)) {
      return;
    }
    for (String value : List.of(text.value(), text.raw())) {
      boolean secret = value.length() >= SHORTEST_SECRET && !value.startsWith("${");
      if (secret && !KNOWN_TO_ALL.contains(value) && values.size() < MOST_SECRETS) {
        values.add(value);
      }
    }
  }

  /**
   * A line as it may be shown.
   *
   * @param secret whether every value in this part of the file is secret
   */
  String line(String line, boolean secret) {
    boolean cut = line.length() > LONGEST_MASKED;
    String masked = byPosition(cut ? line.substring(0, LONGEST_MASKED) : line, secret);
    for (String value : values) {
      masked = masked.replace(value, Redactor.MASK);
    }
    if (masked.length() > LONGEST_LINE) {
      return masked.substring(0, LONGEST_LINE) + "...";
    }
    // The cut may have left the beginning of a secret at the end.
    return cut ? masked.substring(0, Math.max(0, masked.indexOf(Redactor.MASK))) + "..." : masked;
  }

  private static String byPosition(String line, boolean secret) {
    String clean = line.replaceAll("\\p{Cntrl}", " ").stripTrailing();
    String masked = secret ? everything(clean) : pairs(clean);
    masked = OPTION.matcher(masked).replaceAll("$1" + Redactor.MASK);
    masked = SHORT_OPTION.matcher(masked).replaceAll("$1" + Redactor.MASK);
    masked = USER_INFO.matcher(masked).replaceAll("$1" + Redactor.MASK + "@");
    masked = PARAMETER.matcher(masked).replaceAll("$1" + Redactor.MASK);
    masked = LOGIN.matcher(masked).replaceAll("$1" + Redactor.MASK);
    masked = LONG_TOKEN.matcher(masked).replaceAll(SecretMask::token);
    return Redactor.redact(masked);
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
      if (NAMING.contains(key) && SecretNames.isSecret(value.replaceAll("[\\s\"']", ""))) {
        // {"name": "PASSWORD", "value": "..."}, whose escapes no known secret need match.
        String rest = line.substring(matcher.end());
        return out.append(value).append(rest.isBlank() ? "" : Redactor.MASK).toString();
      }
      // The value of one pair may hold the next, as in - KEY=value: go on behind its first
      // character.
      out.append(value.charAt(0));
      from = matcher.start("value") + 1;
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
