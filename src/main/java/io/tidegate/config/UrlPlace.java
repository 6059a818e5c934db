package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a URL leads to, by its address, its path and its parameters together: libpq, Prisma and many
 * an ORM write {@code ?host=&port=&dbname=}. What names a place is obeyed, or refused where it says
 * something else than the rest of the URL; a driver would leave it out and lead elsewhere.
 *
 * @param authority the addresses, as in a URL without such parameters
 * @param path the database, not decoded
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS">libpq</a>
 */
record UrlPlace(String authority, String path) {
  private static final Set<String> HOST = Set.of("host", "pghost");
  private static final Set<String> PORT = Set.of("port", "pgport");
  private static final Set<String> DATABASE = Set.of("dbname", "pgdbname", "database");

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

  /** Takes what names a place out of the parameters. */
  static UrlPlace of(UrlParts parts, Map<String, String> parameters, boolean numbered)
      throws RefusedValue {
    refuse(parameters);
    String host = take(parameters, HOST);
    String address = take(parameters, Set.of("hostaddr"));
    String port = take(parameters, PORT);
    String database = numbered ? null : take(parameters, DATABASE);
    if (host == null) {
      host = address;
    } else if (address != null && !address.equals(host)) {
      throw contradictory("host and hostaddr");
    }
    return new UrlPlace(
        withPort(authority(parts.authority(), host), port), path(parts.path(), database));
  }

  private static void refuse(Map<String, String> parameters) throws RefusedValue {
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
  private static @Nullable String take(Map<String, String> parameters, Set<String> names)
      throws RefusedValue {
    String found = null;
    for (String name : List.copyOf(parameters.keySet())) {
      if (names.contains(name.toLowerCase(Locale.ROOT))) {
        String value = parameters.remove(name);
        if (value == null || value.isEmpty()) {
          continue;
        }
        if (found != null && !found.equals(value)) {
          throw contradictory("two parameters");
        }
        found = value;
      }
    }
    return found;
  }

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

  private static String path(String written, @Nullable String database) throws RefusedValue {
    if (database == null) {
      return written;
    }
    if (!written.isEmpty() && !Percent.decode(written).equals(database)) {
      throw contradictory("its path and a parameter of it");
    }
    return database.replace("%", "%25");
  }

  private static RefusedValue contradictory(String where) {
    return new RefusedValue(
        "the URL names two places, by %s".formatted(where), "Keep the one that is meant");
  }
}
