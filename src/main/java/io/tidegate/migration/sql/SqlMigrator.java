package io.tidegate.migration.sql;

import io.tidegate.migration.Migration;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.Migrator;
import io.tidegate.target.Changelog;
import io.tidegate.target.EngineCatalog;
import io.tidegate.target.Target;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Applies changelogs to SQL databases: Liquibase's formats and folders of SQL files. */
public final class SqlMigrator implements Migrator {
  private final EngineCatalog engines;
  private final Map<String, SqlDialect> dialects = new HashMap<>();

  /** Takes every dialect there is. Two dialects of one engine stop the start. */
  public SqlMigrator(EngineCatalog engines, Collection<SqlDialect> dialects) {
    this.engines = engines;
    for (SqlDialect dialect : dialects) {
      SqlDialect other = this.dialects.putIfAbsent(dialect.engine(), dialect);
      if (other != null) {
        throw new IllegalStateException("two SQL dialects of one engine: " + dialect.engine());
      }
    }
  }

  @Override
  public boolean serves(Target target) {
    return dialect(target).isPresent();
  }

  @Override
  public Migration open(Target target, MigrationSettings settings) {
    Changelog changelog = target.changelog();
    if (changelog == null) {
      throw new IllegalArgumentException(target.name() + " has no changelog");
    }
    SqlDialect dialect = dialect(target).orElseThrow();
    return new SqlMigration(target, settings, dialect, ChangelogReader.checked(changelog, dialect));
  }

  @Override
  public void warmUp(Target target) throws Exception {
    Changelog changelog = target.changelog();
    if (changelog != null) {
      SqlDialect dialect = dialect(target).orElseThrow();
      dialect.warmUpLogin();
      new WarmUpMigration(dialect, changelog).run();
    }
  }

  private Optional<SqlDialect> dialect(Target target) {
    return engines.find(target.url().scheme()).map(engine -> dialects.get(engine.traits().id()));
  }
}
