package io.tidegate.engine.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tidegate.target.Target;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A pool of one. Its connection lives for half a minute, the shortest that HikariCP allows, so that
 * new connections are known to be accepted; it is tested when borrowed.
 *
 * @see <a href="https://github.com/brettwooldridge/HikariCP#gear-configuration-knobs-baby">HikariCP:
 *     maxLifetime</a>
 */
final class KeptConnection implements AutoCloseable {
  private static final Duration LIFETIME = Duration.ofSeconds(30);

  /** HikariCP refuses less. */
  private static final long LEAST_MILLIS = 250;

  private final HikariDataSource pool;

  KeptConnection(Target target, JdbcService service, Limits limits) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("watch-" + target.name());
    config.setDataSource(new TargetDataSource(() -> service.open(target, limits)));
    config.setMaximumPoolSize(1);
    // None is opened but for an attempt: the database sees no more than one at a time.
    config.setMinimumIdle(0);
    config.setIdleTimeout(0);
    config.setKeepaliveTime(0);
    config.setMaxLifetime(LIFETIME.toMillis());
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(Math.max(LEAST_MILLIS, limits.connectMillis()));
    config.setValidationTimeout(Math.max(LEAST_MILLIS, limits.connectMillis() / 2));
    config.setThreadFactory(Thread.ofVirtual().name("watch-" + target.name()).factory());
    pool = new HikariDataSource(config);
  }

  Connection borrow() throws SQLException {
    return pool.getConnection();
  }

  @Override
  public void close() {
    pool.close();
  }

  /** Opens connections for the pool, each with the credentials of its moment. */
  record TargetDataSource(Opener opener) implements DataSource {

    /** Opens one connection. */
    interface Opener {
      Connection open() throws SQLException;
    }

    @Override
    public Connection getConnection() throws SQLException {
      return opener.open();
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
      return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
      return 1;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
      return false;
    }
  }
}
