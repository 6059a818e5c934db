package io.tidegate.engine.postgres;

import io.tidegate.engine.HostPort;
import io.tidegate.engine.ServiceUrl;
import io.tidegate.engine.Target;
import io.tidegate.engine.jdbc.Limits;
import io.tidegate.engine.jdbc.NameAddresses;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.HostSpec;

/** Connections to PostgreSQL by its JDBC driver. */
final class PostgresConnector {

  private PostgresConnector() {}

  /** Without {@code Driver.connect}, which for each connection looks for files of defaults in every library. */
  static Connection open(Target target, Limits limits) throws SQLException {
    return NameAddresses.open(target, limits, (index, shared) -> connect(target, shared, index));
  }

  private static Connection connect(Target target, Limits limits, int index) throws SQLException {
    String address = address(target.url());
    Properties properties =
        Objects.requireNonNull(
            Driver.parseURL(address, PostgresParameters.of(target, limits)),
            "the driver takes its own URLs");
    KeepaliveSocketFactory.put(properties, index);
    String local = PGProperty.LOCAL_SOCKET_ADDRESS.getOrDefault(properties);
    HostSpec[] hosts =
        target.url().hosts().stream()
            .map(host -> new HostSpec(host.host(), host.port(), local))
            .toArray(HostSpec[]::new);
    return new PgConnection(hosts, properties, address);
  }

  /** Addresses and database only: what stands in a URL's query outweighs the properties. */
  private static String address(ServiceUrl url) {
    String hosts = String.join(",", url.hosts().stream().map(HostPort::toString).toList());
    return "jdbc:postgresql://"
        + hosts
        + "/"
        + URLEncoder.encode(url.path(), StandardCharsets.UTF_8).replace("+", "%20");
  }
}
