package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands where a URL is expected and is none. libpq's keywords and the form of Go's MySQL driver
 * become URLs; what is known not to be one is refused by its name.
 */
final class ConnectionString {
  private static final String AS_URL =
      "Write it as a URL, as in postgresql://user@db.example:5432/app or"
          + " mysql://user@db.example:3306/app, the password behind the user and a colon";

  /** A variable that a shell, Compose, Kubernetes, Spring, Helm or a platform would have replaced. */
  private static final Pattern VARIABLE =
      Pattern.compile(
          "(?:\\$\\{|\\{\\{[\\s.-]*)([A-Za-z_][A-Za-z0-9_.]{0,63})[^}]*}"
              + "|\\$\\(([A-Za-z_][A-Za-z0-9_]{0,63})\\)");

  private static final Pattern ADO_NET =
      Pattern.compile(
          "(?i)(?:server|host|data ?source|address|addr|database|initial catalog|user ?id|uid"
              + "|user ?name|port|driver|(?-i:Password|Pwd))\\s*=(?:\\{[^}]*}|[^;'\"\\s]*);"
              + "\\s*[a-z][a-z ]*=.*|(?i)(?:data ?source|filename)\\s*=.*");

  /**
   * {@code user:password@tcp(host:port)/db}; with a scheme before it, as migration tools have it.
   *
   * @see <a href="https://github.com/go-sql-driver/mysql#dsn-data-source-name">Go's MySQL driver</a>
   */
  private static final Pattern GO =
      Pattern.compile("(mysql://)?(?:(.*)@)?(tcp|unix)\\(([^()]*)\\)(/.*)?");

  /**
   * libpq's keywords and values: {@code host=db.example dbname=app user=app}.
   *
   * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE">libpq:
   *     keyword/value connection strings</a>
   */
  private static final Pattern KEYWORDS =
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

  private ConnectionString() {}

  /** The text as a URL, without the quotes around it; as it is, if it is none of these. */
  static String toUrl(String written) throws RefusedValue {
    String text = unquoted(written);
    Matcher variable = VARIABLE.matcher(text);
    if (variable.find()) {
      String name = variable.group(1) != null ? variable.group(1) : variable.group(2);
      throw new RefusedValue(
          "the URL holds the variable %s, which was not expanded".formatted(name),
          "Expand it where the URL is set; where it belongs to a password, write $ as %24 and { as %7B");
    }
    if (text.startsWith("psql ")) {
      throw new RefusedValue(
          "it is a command for psql, not a URL", "Keep only the URL that stands in it in quotes");
    }
    if (ADO_NET.matcher(text).matches()) {
      throw new RefusedValue("it is a connection string of ADO.NET, not a URL", AS_URL);
    }
    Matcher go = GO.matcher(text);
    if (go.matches() && !isWithinUrl(go)) {
      return ofGo(go);
    }
    return KEYWORDS.matcher(text).matches() ? ofKeywords(text) : text;
  }

  /** Whether a value stands in quotes, as it does where a file of variables was read too literally. */
  static boolean isQuoted(String text) {
    String bare = text.strip();
    char first = bare.isEmpty() ? ' ' : bare.charAt(0);
    return bare.length() >= 2
        && (first == '"' || first == '\'')
        && bare.charAt(bare.length() - 1) == first;
  }

  /** The text without quotes and blanks around it. */
  static String unquoted(String written) {
    String bare = written.strip();
    return isQuoted(bare) ? bare.substring(1, bare.length() - 1).strip() : bare;
  }

  /** Whether another scheme than MySQL's stands before it. */
  private static boolean isWithinUrl(Matcher go) {
    return go.group(2) != null && go.group(2).contains("://");
  }

  private static String ofGo(Matcher go) throws RefusedValue {
    if (go.group(3).equals("unix")) {
      throw NetworkUrl.socketFile();
    }
    String user = go.group(2) == null ? "" : go.group(2);
    boolean encoded = go.group(1) != null;
    String address = go.group(4).isEmpty() ? "127.0.0.1:3306" : go.group(4);
    String rest = go.group(5) == null ? "" : go.group(5);
    return "mysql://%s@%s%s".formatted(encoded ? user : encodedUser(user), address, rest);
  }

  /** The driver takes both as they are; the first colon ends the user. */
  private static String encodedUser(String user) {
    int colon = user.indexOf(':');
    return colon < 0
        ? UrlQuery.encode(user)
        : UrlQuery.encode(user.substring(0, colon))
            + ":"
            + UrlQuery.encode(user.substring(colon + 1));
  }

  /** A URL whose parameters name the place. */
  private static String ofKeywords(String text) throws RefusedValue {
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
      url.append(url.indexOf("?") < 0 ? "/?" : "&")
          .append(name)
          .append('=')
          .append(UrlQuery.encode(value));
    });
    return url.toString();
  }
}
