package io.tidegate.settings;

import io.tidegate.secret.Secret;
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

  static UrlQuery parse(String query) throws RefusedValue {
    Map<String, String> parameters = new LinkedHashMap<>();
    String username = null;
    Secret password = null;
    for (String part : query.split("&", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      String name = Percent.decode(equals < 0 ? part : part.substring(0, equals));
      String value = equals < 0 ? "" : Percent.decode(part.substring(equals + 1));
      String lower = name.toLowerCase(Locale.ROOT);
      if (USER.contains(lower)) {
        username = value;
      } else if (PASSWORD.contains(lower)) {
        password = Secret.of(value);
      } else {
        if (SECRET.matcher(name).matches()) {
          Secret.of(value);
        }
        // SQLAlchemy repeats the host for each address.
        boolean again = lower.equals("host") || lower.equals("port");
        parameters.merge(name, value, (one, other) -> again ? one + "," + other : other);
      }
    }
    return new UrlQuery(parameters, username, password);
  }

  @Override
  public String toString() {
    return "a URL's query";
  }
}
