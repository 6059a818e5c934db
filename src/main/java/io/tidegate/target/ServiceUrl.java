package io.tidegate.target;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A service's URL after parsing, without credentials.
 *
 * @param scheme lower case, without {@code jdbc:} and without a driver part; {@code mongodb+srv}
 *     keeps its plus
 * @param hosts in the order given; empty for a service that is a file
 * @param path what follows the hosts, decoded and without its first slash: a database, or a file's
 *     path
 * @param parameters the query's parameters, decoded, in the order given; user and password among
 *     them are taken out; other secrets, as the password of a key file, stay for the driver. The
 *     {@code sequential} of {@code jdbc:mariadb:sequential://} is {@code ha-mode}, the fragment of a
 *     Sentinel URL is {@code sentinelMasterId}
 */
public record ServiceUrl(
    String scheme, List<HostPort> hosts, String path, Map<String, String> parameters) {

  /** Copies the collections. */
  public ServiceUrl {
    hosts = List.copyOf(hosts);
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** The first address. For services that have one. */
  public HostPort host() {
    return hosts.getFirst();
  }

  /** The URL for people: scheme, addresses and path. Parameters are left out, since some are secret. */
  @Override
  public String toString() {
    if (hosts.isEmpty()) {
      return scheme + ":" + path;
    }
    String addresses = String.join(",", hosts.stream().map(HostPort::toString).toList());
    return scheme + "://" + addresses + (path.isEmpty() ? "" : "/" + path);
  }

  /**
   * One network address of a service.
   *
   * @param host a name or an address; an IPv6 address without brackets
   * @param port 1 to 65535
   */
  public record HostPort(String host, int port) {
    @Override
    public String toString() {
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
  }
}
