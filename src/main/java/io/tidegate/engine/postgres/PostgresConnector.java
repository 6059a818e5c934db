package io.tidegate.engine.postgres;

import io.tidegate.engine.HostPort;
import io.tidegate.engine.ServiceUrl;
import io.tidegate.engine.Target;
import io.tidegate.engine.jdbc.JdbcConnector;
import io.tidegate.engine.jdbc.Limits;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;

/** Connections to PostgreSQL by its JDBC driver. */
@Singleton
final class PostgresConnector implements JdbcConnector {

  @Override
  public boolean serves(Target target) {
    return PostgresEngine.TRAITS.schemes().contains(target.url().scheme());
  }

  @Override
  public Connection connect(Target target, Duration timeout, String applicationName)
      throws SQLException {
    return open(target, new Limits(timeout, Duration.ZERO, applicationName));
  }

  static Connection open(Target target, Limits limits) throws SQLException {
    var properties = PostgresParameters.of(target, limits);
    return Objects.requireNonNull(
        new org.postgresql.Driver().connect(address(target.url()), properties),
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
