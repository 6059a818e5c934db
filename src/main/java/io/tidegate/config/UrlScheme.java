package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import java.util.Map;

/**
 * A URL's scheme in the words of the apps. What stands after a {@code +} is a driver of the app in
 * most of them, and of no meaning here; in some it says how the server is found or reached.
 */
final class UrlScheme {
  /** Frameworks' and drivers' own names for a service: Rails, Laravel, Django, Lettuce. */
  private static final Map<String, String> ALIASES =
      Map.ofEntries(
          Map.entry("mysql2", "mysql"),
          Map.entry("trilogy", "mysql"),
          Map.entry("mysqlgis", "mysql"),
          Map.entry("postgis", "postgresql"),
          Map.entry("pgsql", "postgresql"),
          Map.entry("psql", "postgresql"),
          Map.entry("redis+tls", "rediss"),
          Map.entry("redis+ssl", "rediss"),
          Map.entry("valkey+tls", "valkeys"),
          Map.entry("valkey+ssl", "valkeys"),
          Map.entry("redis+cluster", "redis-cluster"),
          Map.entry("rediss+cluster", "rediss-cluster"));

  /** What stands after a plus and is no driver, with what to write instead. */
  private static final Map<String, String> NO_DRIVERS =
      Map.of(
          "tls", "Ask for TLS by a parameter, as in ?sslmode=verify-full",
          "ssl", "Ask for TLS by a parameter, as in ?sslmode=verify-full",
          "srv", "Name the hosts, with commas between them",
          "cluster", "Name the hosts, with commas between them",
          "sentinel", "Write it as in redis-sentinel://sentinel.example:26379/0#mymaster",
          "socket", "Name a host and port: Tidegate runs in a container of its own",
          "unix", "Name a host and port: Tidegate runs in a container of its own",
          "ssh", "Name a host and port that Tidegate can reach itself");

  private UrlScheme() {}

  static String aliased(String scheme) {
    return ALIASES.getOrDefault(scheme, scheme);
  }

  /** The scheme before the plus. */
  static String withoutDriver(String scheme) throws RefusedValue {
    int plus = scheme.indexOf('+');
    String remedy = NO_DRIVERS.get(scheme.substring(plus + 1));
    if (remedy != null) {
      throw new RefusedValue(
          "the URL's scheme %s says how to reach the server in a way that is not known here"
              .formatted(scheme),
          remedy);
    }
    return scheme.substring(0, plus);
  }
}
