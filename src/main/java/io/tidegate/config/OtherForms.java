package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands where a URL is expected and is none. The form of Go's MySQL driver is understood, the
 * others are refused by their names.
 *
 * @see <a href="https://github.com/go-sql-driver/mysql#dsn-data-source-name">Go's MySQL driver</a>
 */
final class OtherForms {
  private static final String AS_URL =
      "Write it as a URL, as in postgresql://user@db.example:5432/app or"
          + " mysql://user@db.example:3306/app, the password behind the user and a colon";

  /** A variable that a shell, Compose, Kubernetes or Spring would have replaced. */
  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\$(?:\\{([A-Za-z_][A-Za-z0-9_.]{0,63})[^}]*}|\\(([A-Za-z_][A-Za-z0-9_]{0,63})\\))");

  private static final Pattern ADO_NET =
      Pattern.compile(
          "(?i)(?:server|host|data ?source|address|addr|database|initial catalog|user ?id|uid"
              + "|user ?name|port)\\s*=[^;'\"\\s]*;\\s*[a-z][a-z ]*=.*");

  /** {@code user:password@tcp(host:port)/db}; with a scheme before it, as migration tools have it. */
  private static final Pattern GO =
      Pattern.compile("(mysql://)?(?:(.*)@)?(tcp|unix)\\(([^()]*)\\)(/.*)?");

  private OtherForms() {}

  /** The text as a URL, if it is of Go's form; as it is, if it is none of these. */
  static String url(String text) throws RefusedValue {
    Matcher variable = VARIABLE.matcher(text);
    if (variable.find()) {
      String name = variable.group(1) != null ? variable.group(1) : variable.group(2);
      throw new RefusedValue(
          "the URL holds the variable %s, which was not expanded".formatted(name),
          "Expand it where the URL is set; where it belongs to a password, write $ as %24");
    }
    if (text.startsWith("psql ")) {
      throw new RefusedValue(
          "it is a command for psql, not a URL", "Keep only the URL that stands in it in quotes");
    }
    if (ADO_NET.matcher(text).matches()) {
      throw new RefusedValue("it is a connection string of ADO.NET, not a URL", AS_URL);
    }
    Matcher go = GO.matcher(text);
    return go.matches() && !isWithinUrl(go) ? ofGo(go) : text;
  }

  /** Whether another scheme than MySQL's stands before it. */
  private static boolean isWithinUrl(Matcher go) {
    return go.group(2) != null && go.group(2).contains("://");
  }

  private static String ofGo(Matcher go) throws RefusedValue {
    if (go.group(3).equals("unix")) {
      throw UrlHosts.socketFile();
    }
    String user = go.group(2) == null ? "" : go.group(2);
    boolean encoded = go.group(1) != null;
    String address = go.group(4).isEmpty() ? "127.0.0.1:3306" : go.group(4);
    String rest = go.group(5) == null ? "" : go.group(5);
    return "mysql://%s@%s%s".formatted(encoded ? user : encoded(user), address, rest);
  }

  /** The driver takes both as they are; the first colon ends the user. */
  private static String encoded(String user) {
    int colon = user.indexOf(':');
    return colon < 0
        ? KeywordForm.encoded(user)
        : KeywordForm.encoded(user.substring(0, colon))
            + ":"
            + KeywordForm.encoded(user.substring(colon + 1));
  }
}
