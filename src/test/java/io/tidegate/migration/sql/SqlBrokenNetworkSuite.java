package io.tidegate.migration.sql;

import io.tidegate.migration.BackupCheck;
import io.tidegate.migration.BrokenNetworkSuite;
import io.tidegate.migration.Migration;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** The network breaks while SQL is migrated. */
public abstract class SqlBrokenNetworkSuite extends BrokenNetworkSuite {
  private static final Duration SILENCE = Duration.ofSeconds(15);

  /** The databases of the engine under test. */
  protected abstract TestDatabases databases();

  @Override
  protected void writeChangelog() {
    new KillChangelog(changelog(), "INSERT INTO slow VALUES (1)");
  }

  @Override
  protected void create(String database) {
    databases().create(database);
  }

  @Override
  protected int port() {
    return databases().target("any", changelog()).url().host().port();
  }

  @Override
  protected Target target(String database, int port) {
    Target target = databases().target(database, changelog());
    ServiceUrl url = target.url();
    return SqlTargets.at(
        target,
        new ServiceUrl(
            url.scheme(), List.of(new HostPort("127.0.0.1", port)), url.path(), url.parameters()));
  }

  @Override
  protected Migration open(Target target) {
    return new SqlMigrator(databases().dialect(), BackupCheck.NONE, SILENCE)
        .open(target, MigrationSettings.DEFAULT);
  }

  @Override
  protected List<String> contents(String database) throws SQLException {
    try (Connection connection = databases().connect(database)) {
      return Contents.of(connection);
    }
  }

  @Override
  protected boolean made(String database, Interrupted interrupted) throws SQLException {
    try (Connection connection = databases().connect(database)) {
      return Contents.made(connection, interrupted.changeset().path());
    }
  }
}
