package io.tidegate.engine.postgres;

import io.tidegate.engine.HostPort;
import io.tidegate.engine.ServiceUrl;
import io.tidegate.engine.Target;
import io.tidegate.engine.jdbc.Limits;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.postgresql.Driver;

/** Connections to PostgreSQL by its JDBC driver. */
final class PostgresConnector {
  private static final Driver DRIVER = new Driver();

  private PostgresConnector() {}

  static Connection open(Target target, Limits limits) throws SQLException {
    return Objects.requireNonNull(
        DRIVER.connect(address(target.url()), PostgresParameters.of(target, limits)),
        "the driver takes its own URLs");
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
