package io.tidegate.engine.postgres;

import io.tidegate.engine.jdbc.AddressFailover;
import io.tidegate.engine.jdbc.Limits;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import org.postgresql.Driver;

/** Connections to PostgreSQL by its JDBC driver. */
final class PostgresConnector {
  private static final Driver DRIVER = new Driver();

  private PostgresConnector() {}

  static Connection open(Target target, Limits limits) throws SQLException {
    return AddressFailover.open(target, limits, (index, shared) -> connect(target, shared, index));
  }

  private static Connection connect(Target target, Limits limits, int index) throws SQLException {
    Properties properties = PostgresParameters.of(target, limits, index);
    return Objects.requireNonNull(
        DRIVER.connect(address(target.url()), properties), "the driver takes its own URLs");
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
