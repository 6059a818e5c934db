package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.target.ServiceUrl.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The addresses in a URL: names, IPv4, IPv6 in brackets, several with commas. */
final class UrlHosts {
  private static final int SENTINEL_PORT = 26_379;
  private static final Set<String> ONE_SERVER = Set.of("redis", "rediss", "valkey", "valkeys");
  private static final Pattern ONE =
      Pattern.compile(
          "(?:\\[([0-9A-Fa-f:.]{2,45})]|([A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})))(?::([0-9]*))?");

  private UrlHosts() {}

  /** Parses them. Where a JDBC URL names none, it means localhost. */
  static List<HostPort> parse(String authority, String scheme, int defaultPort, boolean jdbc)
      throws RefusedValue {
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
      hosts.add(one(one, port));
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

  private static HostPort one(String text, int defaultPort) throws RefusedValue {
    Matcher matcher = ONE.matcher(text);
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
}
