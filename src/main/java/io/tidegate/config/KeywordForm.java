package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * libpq's other spelling of a connection: {@code host=db.example dbname=app user=app}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE">libpq:
 *     keyword/value connection strings</a>
 */
final class KeywordForm {
  private static final Pattern BEGINNING =
      Pattern.compile(
          "\\s*(host|hostaddr|port|dbname|user|password|passfile|service|sslmode|sslrootcert|sslcert"
              + "|sslkey|application_name|fallback_application_name|client_encoding"
              + "|connect_timeout|options|target_session_attrs|timezone)\\s*=.*",
          Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  /**
   * A keyword and its value, which is in quotes if it is empty or holds a space. Keywords of libpq
   * have no capitals, the server's settings that Go's drivers take among them do: {@code TimeZone}.
   */
  private static final Pattern PAIR =
      Pattern.compile(
          "\\s*([A-Za-z_]+)\\s*=\\s*(?:'((?:[^'\\\\]|\\\\.)*)'|((?:[^\\s'\\\\]|\\\\.)*))");

  private KeywordForm() {}

  static boolean is(String text) {
    return BEGINNING.matcher(text).matches();
  }

  /** The same as a URL, whose parameters name the place. */
  static String url(String text) throws RefusedValue {
    Map<String, String> pairs = new LinkedHashMap<>();
    Matcher pair = PAIR.matcher(text);
    int end = 0;
    while (end < text.length() && pair.find(end) && pair.start() == end) {
      String quoted = pair.group(2);
      String value = quoted != null ? quoted : pair.group(3);
      value = value.replaceAll("\\\\(.)", "$1");
      String before = pairs.put(pair.group(1), value);
      if (before != null && !before.equals(value)) {
        throw new RefusedValue(
            "the URL gives a keyword twice, with two values", "Keep the one that is meant");
      }
      end = pair.end();
    }
    if (!text.substring(end).isBlank()) {
      throw UrlParser.malformed(
          "it is not libpq's form of keywords and values",
          "Write it as in host=db.example port=5432 dbname=app, a value with a space in quotes");
    }
    StringBuilder url = new StringBuilder("postgresql://");
    pairs.forEach((name, value) -> {
      url.append(url.indexOf("?") < 0 ? "/?" : "&").append(name).append('=').append(encoded(value));
    });
    return url.toString();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
