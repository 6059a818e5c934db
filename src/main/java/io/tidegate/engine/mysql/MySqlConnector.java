package io.tidegate.engine.mysql;

import io.tidegate.engine.jdbc.AddressFailover;
import io.tidegate.engine.jdbc.Limits;
import io.tidegate.engine.network.NetworkFaults;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.TlsPolicy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;

/** Connections to MySQL and MariaDB by MariaDB Connector/J. */
final class MySqlConnector {
  private static final Set<String> MODES =
      Set.of("sequential", "loadbalance", "load-balance", "replication");

  private MySqlConnector() {}

  static Connection open(Target target, Limits limits) throws SQLException {
    return AddressFailover.open(target, limits, (index, shared) -> connect(target, shared, index));
  }

  private static Connection connect(Target target, Limits limits, int index) throws SQLException {
    Properties properties = MySqlParameters.of(target, limits);
    properties.setProperty("socketFactory", AddressSocketFactory.class.getName());
    properties.setProperty(AddressSocketFactory.INDEX, Integer.toString(index));
    try {
      return connect(target, properties);
    } catch (SQLException e) {
      boolean plain = target.tlsPolicy().level() == TlsPolicy.Level.IF_OFFERED;
      if (!plain || !MySqlFaults.offersNoTls(e)) {
        throw e;
      }
      properties.setProperty("sslMode", "disable");
      return connect(target, properties);
    }
  }

  private static Connection connect(Target target, Properties properties) throws SQLException {
    try {
      return Objects.requireNonNull(
          new org.mariadb.jdbc.Driver().connect(address(target.url()), properties),
          "the driver takes its own URLs");
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // The driver reads what it was sent as a handshake, whatever it is.
      throw new SQLNonTransientConnectionException(
          "%s does not answer as MySQL does: %s"
              .formatted(NetworkFaults.where(target), NetworkFaults.firstLine(e)),
          "08S01",
          e);
    }
  }

  /** Addresses only: the database goes with the properties, where nothing in it can be a parameter. */
  private static String address(ServiceUrl url) {
    String hosts = String.join(",", url.hosts().stream().map(HostPort::toString).toList());
    String mode = url.parameters().getOrDefault("ha-mode", "sequential");
    return url.hosts().size() > 1 && MODES.contains(mode)
        ? "jdbc:mariadb:" + mode + "://" + hosts + "/"
        : "jdbc:mariadb://" + hosts + "/";
  }
}
