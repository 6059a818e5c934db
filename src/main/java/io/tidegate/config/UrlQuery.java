package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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

  private static final Set<String> PLACE_HOST = Set.of("host", "pghost");
  private static final Set<String> PLACE_PORT = Set.of("port", "pgport");
  private static final Set<String> PLACE_DATABASE = Set.of("dbname", "pgdbname", "database");

  /** Places of which Tidegate knows none, or to which a container has no way. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "service",
          "servicefile",
          "socket",
          "unix_socket",
          "unixsocket",
          "unix-socket",
          "socketpath",
          "unixsocketpath",
          "socketfactory",
          "localsocket",
          "pipe",
          "cloudsqlinstance");

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
      String name = decode(equals < 0 ? part : part.substring(0, equals));
      String value = equals < 0 ? "" : decode(part.substring(equals + 1));
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

  /**
   * Takes what names a place out of the parameters.
   *
   * @param numbered whether the database is a number, which its engine reads from a parameter
   * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS">libpq</a>
   */
  DeclaredPlace takePlace(boolean numbered) throws RefusedValue {
    refuseOtherPlaces();
    String host = take(PLACE_HOST);
    String address = take(Set.of("hostaddr"));
    String port = take(PLACE_PORT);
    String database = numbered ? null : take(PLACE_DATABASE);
    if (host != null && address != null && !address.equals(host)) {
      throw NetworkUrl.contradictory("host and hostaddr");
    }
    return new DeclaredPlace(host != null ? host : address, port, database);
  }

  private void refuseOtherPlaces() throws RefusedValue {
    for (String name : parameters.keySet()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (ELSEWHERE.contains(lower)) {
        throw new RefusedValue(
            "the URL's parameter %s names a place that Tidegate cannot go to".formatted(lower),
            "Name a host, a port and a database: Tidegate runs in a container of its own");
      }
    }
  }

  /** The value of a parameter in any case, which is taken out; null: none, or empty. */
  private @Nullable String take(Set<String> names) throws RefusedValue {
    String found = null;
    for (String name : List.copyOf(parameters.keySet())) {
      if (names.contains(name.toLowerCase(Locale.ROOT))) {
        String value = parameters.remove(name);
        if (value == null || value.isEmpty()) {
          continue;
        }
        if (found != null && !found.equals(value)) {
          throw NetworkUrl.contradictory("two parameters");
        }
        found = value;
      }
    }
    return found;
  }

  /**
   * Decodes percent signs as leniently as the drivers of most languages: one that begins no escape stands
   * for itself. A plus is a plus.
   */
  static String decode(String text) throws RefusedValue {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = high >= 0 ? Character.digit(bytes[i + 2], 16) : -1;
      if (low >= 0) {
        out.write(high * 16 + low);
        i += 2;
      } else {
        out.write(bytes[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(out.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new RefusedValue(
          "is malformed: an escaped part is not UTF-8", "Percent-encode the UTF-8 bytes");
    }
  }

  /** Percent-encodes whatever could be taken for another part of a URL. */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return "a URL's query";
  }

  /** Where parameters lead to; null: they leave it to the rest of the URL. */
  record DeclaredPlace(@Nullable String host, @Nullable String port, @Nullable String database) {}
}
