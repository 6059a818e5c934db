package io.tidegate.migration.sql;

import io.tidegate.migration.MigrationListener;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tables in which other tools keep what they have applied. A database that has one, and no
 * history of ours, was migrated by that tool: the changelog that is given now may hold the same
 * files, and would run them a second time. Only reads.
 */
final class OtherToolHistories {
  private static final String OURS = "databasechangelog";

  /** Tables that belong to such a tool, whatever their columns are; names in lower case. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("schema_migrations", "golang-migrate, Rails, dbmate or Ecto"),
          Map.entry("ar_internal_metadata", "Rails"),
          Map.entry("flyway_schema_history", "Flyway"),
          Map.entry("goose_db_version", "goose"),
          Map.entry("gorp_migrations", "sql-migrate"),
          Map.entry("_prisma_migrations", "Prisma"),
          Map.entry("alembic_version", "Alembic"),
          Map.entry("aerich", "Aerich"),
          Map.entry("migrate_version", "SQLAlchemy-migrate"),
          Map.entry("migratehistory", "peewee-migrate"),
          Map.entry("_sqlx_migrations", "sqlx"),
          Map.entry("__diesel_schema_migrations", "Diesel"),
          Map.entry("refinery_schema_history", "Refinery"),
          Map.entry("seaql_migrations", "SeaORM"),
          Map.entry("knex_migrations", "Knex"),
          Map.entry("sequelizemeta", "Sequelize"),
          Map.entry("pgmigrations", "node-pg-migrate"),
          Map.entry("mikro_orm_migrations", "MikroORM"),
          Map.entry("kysely_migration", "Kysely"),
          Map.entry("adonis_schema", "AdonisJS"),
          Map.entry("__drizzle_migrations", "Drizzle"),
          Map.entry("django_migrations", "Django"),
          Map.entry("south_migrationhistory", "South"),
          Map.entry("__efmigrationshistory", "Entity Framework Core"),
          Map.entry("__migrationhistory", "Entity Framework"),
          Map.entry("play_evolutions", "Play evolutions"),
          Map.entry("phinxlog", "Phinx"),
          Map.entry("doctrine_migration_versions", "Doctrine"),
          Map.entry("migration_versions", "Doctrine"),
          Map.entry("atlas_schema_revisions", "Atlas"),
          Map.entry("_yoyo_migration", "yoyo"),
          Map.entry("yoyo_migration", "yoyo"),
          Map.entry("micrate_db_version", "micrate"),
          Map.entry("gopg_migrations", "go-pg"),
          Map.entry("bun_migrations", "Bun"),
          Map.entry("_fluent_migrations", "Vapor Fluent"));

  /** Tables with names that an app may use itself, so that the columns decide. */
  private static final List<Shape> SHAPES =
      List.of(
          new Shape("migrations", "Laravel", Set.of("migration", "batch")),
          new Shape("migrations", "TypeORM", Set.of("id", "timestamp", "name")),
          new Shape("migrations", "db-migrate", Set.of("name", "run_on")),
          new Shape("migrations", "postgres-migrations", Set.of("name", "hash", "executed_at")),
          new Shape("migrations", "rambler", Set.of("migration")),
          new Shape("migrations", "graphile-migrate", Set.of("hash", "previous_hash", "filename")),
          new Shape("migrations", "node-sqlite", Set.of("id", "name", "up", "down")),
          new Shape("migration", "Yii", Set.of("version", "apply_time")),
          new Shape("_migrations", "PocketBase", Set.of("file", "applied")),
          new Shape("changelog", "MyBatis Migrations", Set.of("id", "applied_at", "description")),
          new Shape("schema_version", "tern or Flyway", Set.of("version")),
          new Shape("schemaversion", "Postgrator", Set.of("version", "name", "md5")),
          new Shape("schemaversions", "DbUp", Set.of("scriptname", "applied")),
          new Shape("versioninfo", "FluentMigrator", Set.of("version", "appliedon")),
          new Shape("schema_info", "Sequel", Set.of("version")),
          new Shape("changes", "Sqitch", Set.of("change_id", "script_hash", "project")),
          new Shape("", "Liquibase", Set.of("id", "author", "filename", "orderexecuted", "md5sum")),
          new Shape("", "Flyway", Set.of("installed_rank", "script", "checksum", "success")),
          new Shape("", "goose", Set.of("version_id", "is_applied", "tstamp")),
          new Shape("", "Entity Framework Core", Set.of("migrationid", "productversion")));

  /** Schemas that a hosted platform brings along, each with a history of its own parts. */
  private static final Set<String> PLATFORM =
      Set.of("auth", "storage", "realtime", "_realtime", "_analytics", "hdb_catalog");

  private final SqlSession session;
  private final Set<String> ignored = new HashSet<>();
  private final String target;

  OtherToolHistories(SqlSession session, Set<String> ignored, String target) {
    this.session = session;
    ignored.forEach(name -> this.ignored.add(name.toLowerCase(Locale.ROOT)));
    this.target = target;
  }

  /** A table of that name, or of any where it is empty, with at least those columns. */
  private record Shape(String name, String tool, Set<String> columns) {}

  /**
   * A table.
   *
   * @param here whether it stands where unqualified names are looked for
   * @param columns in lower case
   */
  private record Table(String schema, String name, boolean here, Set<String> columns) {
    boolean isOurs() {
      return name.equalsIgnoreCase(OURS);
    }

    String path() {
      return schema.isEmpty() ? name : schema + "." + name;
    }
  }

  /**
   * Looks for them, unless there is a history of ours.
   *
   * @throws ProblemException with exit 65 if there is one that the user has not told to ignore
   */
  void refuse(MigrationListener listener) throws SQLException {
    Collection<Table> tables = tables();
    if (tables.stream().anyMatch(table -> table.here() && table.isOurs())) {
      return;
    }
    Map<String, String> found = new TreeMap<>();
    tables.forEach(table -> {
      if (!table.isOurs() && (table.here() || !PLATFORM.contains(table.schema()))) {
        tool(table.name().toLowerCase(Locale.ROOT), table.columns())
            .ifPresent(tool -> {
              if (ignored.contains(table.name().toLowerCase(Locale.ROOT))) {
                listener.noticed(
                    "the changelog is applied beside the history of %s in %s, as declared"
                        .formatted(tool, table.path()));
              } else {
                found.put(table.name(), tool + " in the table " + table.path());
              }
            });
      }
    });
    if (!found.isEmpty()) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "another tool has migrated this database, and Tidegate has not: there is a history of "
                  + String.join(", and of ", found.values())
                  + ". What that tool applied would run again",
              "target " + target,
              "Go on with that tool; or, if the changelog holds only what was not applied yet, set %s=%s"
                  .formatted(
                      "TIDEGATE_TARGETS_%s_IGNORE_HISTORY"
                          .formatted(target.toUpperCase(Locale.ROOT).replace('-', '_')),
                      String.join(",", found.keySet()))));
    }
  }

  private static Optional<String> tool(String name, Set<String> columns) {
    return Optional.ofNullable(NAMES.get(name))
        .or(() ->
            SHAPES.stream()
                .filter(shape -> shape.name().isEmpty() || shape.name().equals(name))
                .filter(shape -> columns.containsAll(shape.columns()))
                .map(Shape::tool)
                .findFirst());
  }

  /** Every table that this user may look at. */
  private Collection<Table> tables() throws SQLException {
    Map<List<String>, Table> tables = new LinkedHashMap<>();
    try (Statement statement = session.connection().createStatement();
        ResultSet row = statement.executeQuery(session.columnsQuery())) {
      while (row.next()) {
        String schema = row.getString(1);
        String name = row.getString(2);
        boolean here = row.getInt(4) == 1;
        tables
            .computeIfAbsent(
                List.of(schema, name), _ -> new Table(schema, name, here, new HashSet<>()))
            .columns()
            .add(row.getString(3).toLowerCase(Locale.ROOT));
      }
    }
    return tables.values();
  }
}
