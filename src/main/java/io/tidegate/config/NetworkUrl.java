package io.tidegate.config;

import io.tidegate.config.UrlParser.ParsedUrl;
import io.tidegate.config.UrlQuery.DeclaredPlace;
import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.secret.Secret;
import io.tidegate.target.Engine;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a service at a network address. Its address, its path and its parameters together say
 * where it leads to: libpq, Prisma and many an ORM write {@code ?host=&port=&dbname=}. What names a
 * place is obeyed, or refused where it says something else than the rest of the URL; a driver would
 * leave it out and lead elsewhere.
 */
final class NetworkUrl {
  /** Where MariaDB's JDBC driver has a word before the address. */
  private static final Pattern MODE = Pattern.compile("(?i)([a-z][a-z+-]*)(://.*)");

  /** The parameter that holds {@code sequential} of {@code jdbc:mariadb:sequential://...}. */
  static final String MODE_PARAMETER = "ha-mode";

  private static final int SENTINEL_PORT = 26_379;
  private static final Set<String> ONE_SERVER = Set.of("redis", "rediss", "valkey", "valkeys");
  private static final Pattern HOST_PORT =
      Pattern.compile(
          "(?:\\[([0-9A-Fa-f:.]{2,45})]|([A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})))(?::([0-9]*))?");

  private NetworkUrl() {}

  /** Parses what follows the scheme. */
  static ParsedUrl parse(String scheme, Engine engine, String rest, boolean jdbc)
      throws RefusedValue {
    String mode = "";
    Matcher withMode = MODE.matcher(rest);
    if (jdbc && withMode.matches()) {
      mode = withMode.group(1).toLowerCase(Locale.ROOT);
      // Connector/J's way to have DNS name the servers.
      UrlScheme.withoutDriver(mode);
      rest = withMode.group(2).substring(1);
    }
    boolean pgjdbc = jdbc && scheme.startsWith("postgres");
    Pieces pieces = Pieces.cut(rest, scheme.contains("sentinel"), pgjdbc);
    // To PostgreSQL's JDBC driver a plus is a space there, as in a form.
    UrlQuery query = UrlQuery.parse(pgjdbc ? pieces.query().replace("+", "%20") : pieces.query());
    // The database of Redis is a number that its engine reads from a parameter.
    boolean numbered = scheme.startsWith("redis") || scheme.startsWith("valkey");
    DeclaredPlace place = query.takePlace(numbered);
    Map<String, String> parameters = query.parameters();
    if (!mode.isEmpty()) {
      parameters.putIfAbsent(MODE_PARAMETER, mode);
    }
    if (!pieces.fragment().isEmpty()) {
      parameters.putIfAbsent("sentinelMasterId", UrlQuery.decode(pieces.fragment()));
    }
    String authority = withPort(authority(pieces.authority(), place.host()), place.port());
    String encodedPath = path(pieces.path(), place.database());
    List<HostPort> hosts = hosts(authority, scheme, engine.traits().defaultPort(), jdbc);
    String path = UrlQuery.decode(encodedPath);
    String user = user(pieces.user(), query.username());
    Secret password =
        pieces.password() != null
            ? Secret.of(UrlQuery.decode(pieces.password()))
            : query.password();
    if (password == null && parameters.keySet().stream().anyMatch("passfile"::equalsIgnoreCase)) {
      throw new RefusedValue(
          "the URL's parameter passfile names a file of passwords, which is not read",
          "Take it out, and set password or password-file of the target");
    }
    if (user != null && user.isEmpty()) {
      user = null;
    }
    return new ParsedUrl(new ServiceUrl(scheme, hosts, path, parameters), engine, user, password);
  }

  /** Drivers do not agree on which of two users counts. */
  private static @Nullable String user(@Nullable String encoded, @Nullable String parameter)
      throws RefusedValue {
    String user = encoded == null ? "" : UrlQuery.decode(encoded);
    if (user.isEmpty()) {
      return parameter;
    }
    if (parameter != null && !parameter.isEmpty() && !user.equals(parameter)) {
      throw new RefusedValue(
          "the URL names two users, before its host and by a parameter",
          "Keep the one that is meant");
    }
    return user;
  }

  /** The addresses as in a URL without parameters that name some. */
  private static String authority(String written, @Nullable String host) throws RefusedValue {
    if (host == null || host.equals(written) || host.equals(withoutPorts(written))) {
      return written;
    }
    if (!written.isEmpty()) {
      throw contradictory("its address and its parameter host");
    }
    return bracketed(host);
  }

  /** The only address of a libpq parameter that has colons is of IPv6, without brackets. */
  private static String bracketed(String host) {
    boolean bare = host.indexOf(':') != host.lastIndexOf(':') && host.matches("[0-9A-Fa-f:.]+");
    return bare ? "[" + host + "]" : host;
  }

  private static String withoutPorts(String authority) {
    return authority.replaceAll(":[0-9]*(?=,|$)", "");
  }

  /** Ports are one for each host, or one for all. */
  private static String withPort(String authority, @Nullable String port) throws RefusedValue {
    if (port == null || authority.isEmpty()) {
      return authority;
    }
    String[] hosts = authority.split(",", -1);
    String[] ports = port.split(",", -1);
    if (ports.length != 1 && ports.length != hosts.length) {
      throw UrlParser.malformed(
          "it names another number of ports than of hosts", "Write a port for each host, or one");
    }
    List<String> whole = new ArrayList<>();
    for (int i = 0; i < hosts.length; i++) {
      String own = ports[ports.length == 1 ? 0 : i];
      String host = hosts[i];
      boolean hasPort = host.matches("(?:\\[.*]|[^:]*):[0-9]+");
      if (hasPort && !host.endsWith(":" + own)) {
        throw contradictory("its address and its parameter port");
      }
      whole.add(hasPort ? host : host.replaceFirst(":$", "") + ":" + own);
    }
    return String.join(",", whole);
  }

  /** The database, not decoded. */
  private static String path(String written, @Nullable String database) throws RefusedValue {
    if (database == null) {
      return written;
    }
    if (!written.isEmpty() && !UrlQuery.decode(written).equals(database)) {
      throw contradictory("its path and a parameter of it");
    }
    return database.replace("%", "%25");
  }

  static RefusedValue contradictory(String where) {
    return new RefusedValue(
        "the URL names two places, by %s".formatted(where), "Keep the one that is meant");
  }

  /**
   * The addresses: names, IPv4, IPv6 in brackets, several with commas. Where a JDBC URL names none, it
   * means localhost.
   */
  private static List<HostPort> hosts(
      String authority, String scheme, int defaultPort, boolean jdbc) throws RefusedValue {
    String list = authority;
    if (list.isEmpty() && jdbc) {
      list = "localhost";
    }
    if (list.isEmpty()) {
      throw UrlParser.malformed("it names no host", "Name the host, as in //db.example:5432/app");
    }
    if (list.startsWith("/") || list.toLowerCase(Locale.ROOT).startsWith("%2f")) {
      throw socketFile();
    }
    int port = scheme.contains("sentinel") ? SENTINEL_PORT : defaultPort;
    List<HostPort> hosts = new ArrayList<>();
    for (String one : list.split(",", -1)) {
      hosts.add(hostPort(one, port));
    }
    if (scheme.endsWith("+srv") && (hosts.size() > 1 || authority.matches(".*:[0-9]+"))) {
      throw UrlParser.malformed(
          "with +srv it names one host and no port, since DNS names the servers",
          "Take the port and further hosts out, or the +srv");
    }
    if (hosts.size() > 1 && ONE_SERVER.contains(scheme)) {
      throw UrlParser.malformed(
          "%s:// means one server, and it names several".formatted(scheme),
          "Name one, or write redis-cluster:// or redis-sentinel://, whichever they are");
    }
    return hosts;
  }

  static RefusedValue socketFile() {
    return UrlParser.malformed(
        "it names a socket file", "Name a host and port: Tidegate runs in a container of its own");
  }

  private static HostPort hostPort(String text, int defaultPort) throws RefusedValue {
    Matcher matcher = HOST_PORT.matcher(text);
    if (!matcher.matches()) {
      if (text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[")) {
        throw UrlParser.malformed(
            "a host has more than one colon",
            "Put an IPv6 address in brackets, and percent-encode special characters of a password");
      }
      throw UrlParser.malformed(
          "a host or port is not valid",
          "Write host:port, with a port from 1 to 65535, and percent-encode special characters of"
              + " a password");
    }
    String digits = matcher.group(3);
    String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    return new HostPort(host, digits == null || digits.isEmpty() ? defaultPort : port(digits));
  }

  private static int port(String digits) throws RefusedValue {
    int port = digits.length() > 5 ? 0 : Integer.parseInt(digits);
    if (port < 1 || port > 65_535) {
      throw UrlParser.malformed("the port is not one", "Write a port from 1 to 65535");
    }
    return port;
  }

  /** What follows the scheme, cut into pieces that are not decoded yet. */
  private record Pieces(
      @Nullable String user,
      @Nullable String password,
      String authority,
      String path,
      String query,
      String fragment) {
    private static final String ENCODE =
        "Write @ as %40, / as %2F, # as %23 and ? as %3F in the user and the password";

    /**
     * Cuts at the last {@code @} before the path, so that a password with a raw {@code @} or {@code :}
     * is read as it was meant. Where an {@code @} could belong to a password or not, it is refused.
     *
     * @param rest what follows {@code scheme:}
     * @param takesFragment whether a {@code #} has a meaning
     * @param pgjdbc whether a URL without {@code //} is one, as PostgreSQL's JDBC driver has it
     */
    static Pieces cut(String rest, boolean takesFragment, boolean pgjdbc) throws RefusedValue {
      if (!rest.startsWith("//")) {
        if (!pgjdbc) {
          throw UrlParser.malformed(
              "no // follows the scheme", "Write it as scheme://host:port/name");
        }
        rest = "///" + (rest.startsWith("/") ? rest.substring(1) : rest);
      }
      String text = rest.substring(2);
      int end = firstOf(text, "/?#", 0);
      String authority = text.substring(0, end);
      int at = authority.lastIndexOf('@');
      int queryStart = firstOf(text, "?#", end);
      boolean strayAt =
          text.substring(end, queryStart).indexOf('@') >= 0
              || (at < 0 && end == queryStart && text.indexOf('@', end) >= 0);
      if (strayAt) {
        throw UrlParser.malformed("an @ stands after its first /, ? or #", ENCODE);
      }
      int hash = text.indexOf('#', end);
      if (hash >= 0 && (!takesFragment || text.indexOf('@', hash) >= 0)) {
        throw UrlParser.malformed("it holds a #", ENCODE);
      }
      String beforeHash = hash < 0 ? text : text.substring(0, hash);
      int pathEnd = Math.min(queryStart, beforeHash.length());
      int colon = authority.substring(0, Math.max(at, 0)).indexOf(':');
      int userEnd = colon < 0 ? at : colon;
      return new Pieces(
          at < 0 ? null : authority.substring(0, userEnd),
          colon < 0 ? null : authority.substring(colon + 1, at),
          authority.substring(at + 1),
          beforeHash.substring(Math.min(end + 1, pathEnd), pathEnd),
          pathEnd < beforeHash.length() ? beforeHash.substring(pathEnd + 1) : "",
          hash < 0 ? "" : text.substring(hash + 1));
    }

    private static int firstOf(String text, String stops, int from) {
      for (int i = from; i < text.length(); i++) {
        if (stops.indexOf(text.charAt(i)) >= 0) {
          return i;
        }
      }
      return text.length();
    }

    @Override
    public String toString() {
      return "parts of a URL";
    }
  }
}
