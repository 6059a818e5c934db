package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.secret.Secret;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL's query. The credentials to connect with are taken out of it; other secrets, as the password
 * of a key file, stay for the driver, but are known to be secret.
 *
 * @param parameters decoded, in the order given; may be changed
 */
record UrlQuery(
    Map<String, String> parameters, @Nullable String username, @Nullable Secret password) {
  private static final Set<String> USER = Set.of("user", "username");
  private static final Set<String> PASSWORD = Set.of("password", "passwd", "pwd", "pass");
  private static final Pattern SECRET =
      Pattern.compile("(?i).*(pass|pwd|secret|token|credential|properties).*");

  /** SQLAlchemy repeats them for each address. */
  private static final Set<String> HOSTS = Set.of("host", "port");

  /** What may have several values: those, and MongoDB's tags in the order in which they are tried. */
  private static final Set<String> REPEATED = Set.of("host", "port", "readpreferencetags");

  /** A parameter within the value of another, where {@code &} was meant. */
  private static final Pattern SECOND_QUERY = Pattern.compile("=[^?]*\\?[A-Za-z][A-Za-z0-9_-]+=");

  static UrlQuery parse(String query) throws RefusedValue {
    Map<String, String> parameters = new LinkedHashMap<>();
    Map<String, String> seen = new HashMap<>();
    String username = null;
    Secret password = null;
    for (String part : query.split("&", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      refuseGarbled(part, equals);
      String name = Percent.decode(equals < 0 ? part : part.substring(0, equals));
      String value = equals < 0 ? "" : Percent.decode(part.substring(equals + 1));
      String lower = name.toLowerCase(Locale.ROOT);
      String before = seen.putIfAbsent(lower, value);
      if (before != null && !before.equals(value) && !REPEATED.contains(lower)) {
        throw new RefusedValue(
            "the URL gives a parameter twice, with two values", "Keep the one that is meant");
      }
      if (USER.contains(lower)) {
        username = value;
      } else if (PASSWORD.contains(lower)) {
        password = Secret.of(value);
      } else {
        if (SECRET.matcher(name).matches()) {
          Secret.of(value);
        }
        boolean listed = HOSTS.contains(lower);
        parameters.merge(name, value, (one, other) -> listed ? one + "," + other : other);
      }
    }
    return new UrlQuery(parameters, username, password);
  }

  /** What a page or a script made of the {@code &} between two parameters. */
  private static void refuseGarbled(String part, int equals) throws RefusedValue {
    if (part.startsWith("amp;")) {
      throw UrlParser.malformed("it has &amp; between its parameters", "Write & there");
    }
    if (equals >= 0 && SECOND_QUERY.matcher(part).find(equals)) {
      throw UrlParser.malformed(
          "a second ? stands before a parameter", "Write & there, or %3F within a value");
    }
  }

  @Override
  public String toString() {
    return "a URL's query";
  }
}
