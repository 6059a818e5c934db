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
import java.util.regex.Pattern;

/**
 * The tables in which other tools keep what they have applied. A database that has one, and no
 * history that knows this changelog, was migrated by that tool: the changelog that is given now may hold the same
 * files, and would run them a second time. Only reads.
 */
final class OtherToolHistories {
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
          Map.entry("sequelize_meta", "Sequelize"),
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
          Map.entry("_fluent_migrations", "Vapor Fluent"),
          Map.entry("__yuniql_schema_version", "Yuniql"),
          Map.entry("shmig_version", "shmig"),
          Map.entry("dbmaintain_scripts", "DbMaintain"),
          Map.entry("propel_migration", "Propel"),
          Map.entry("dbix_class_deploymenthandler_versions", "DBIx::Class"),
          Map.entry("mojo_migrations", "Mojo"),
          Map.entry("cake_migrations", "CakePHP"),
          Map.entry("payload_migrations", "Payload"),
          Map.entry("strapi_migrations", "Strapi"),
          Map.entry("directus_migrations", "Directus"),
          Map.entry("ragtime_migrations", "Ragtime"),
          Map.entry("d1_migrations", "Wrangler"));

  private static final String ANY = ".*";
  private static final String ANY_MIGRATIONS = ".*migrations?";

  /** Tables with names that an app may use itself, or a user may choose, so that the columns decide. */
  private static final List<Shape> SHAPES =
      List.of(
          Shape.with("migrations", "Laravel", "migration", "batch"),
          Shape.with("migrations", "CodeIgniter", "version", "class", "namespace", "batch"),
          Shape.with("migrations", "TypeORM", "id", "timestamp", "name"),
          Shape.with("migrations", "db-migrate", "name", "run_on"),
          Shape.with("migrations", "postgres-migrations", "name", "hash", "executed_at"),
          Shape.with("migrations", "rambler", "migration"),
          Shape.with("migrations", "graphile-migrate", "hash", "previous_hash", "filename"),
          Shape.with("migrations", "node-sqlite", "id", "name", "up", "down"),
          Shape.only("migrations", "gormigrate", "id"),
          Shape.only(ANY_MIGRATIONS, "TypeORM", "id", "timestamp", "name"),
          Shape.only(ANY_MIGRATIONS, "sql-migrate", "id", "applied_at"),
          Shape.only(ANY_MIGRATIONS, "Laravel", "id", "migration", "batch"),
          Shape.only(ANY_MIGRATIONS, "Yii", "version", "apply_time"),
          Shape.only(ANY_MIGRATIONS, "morph", "version", "name"),
          Shape.with("_migrations", "PocketBase", "file", "applied"),
          Shape.with("migration_log", "xorm", "migration_id", "success", "error"),
          Shape.with("migration_history", "Bytebase", "namespace", "sequence", "engine", "version"),
          Shape.with("db_migration", "Ebean", "mtype", "mstatus", "mversion", "mchecksum"),
          Shape.with("changelog", "MyBatis Migrations", "id", "applied_at", "description"),
          Shape.with("changelog", "dbdeploy", "change_number", "complete_dt", "applied_by"),
          Shape.with("changelog", "Evolve", "version", "checksum", "installed_by", "installed_on"),
          Shape.with("schema_version", "tern or Flyway", "version"),
          Shape.with("schemaversion", "Postgrator", "version", "name", "md5"),
          Shape.with("schemaversions", "DbUp", "scriptname", "applied"),
          Shape.with("scriptsrun", "grate or RoundhousE", "script_name", "text_hash"),
          Shape.with("versioninfo", "FluentMigrator", "version", "appliedon"),
          Shape.with("schema_info", "Sequel", "version"),
          Shape.only("schema_migration", "Pop", "version"),
          Shape.with("changes", "Sqitch", "change_id", "script_hash", "project"),
          Shape.with(ANY, "Liquibase", "id", "author", "filename", "orderexecuted", "md5sum"),
          Shape.with(ANY, "Flyway", "installed_rank", "script", "checksum", "success"),
          Shape.with(ANY, "goose", "version_id", "is_applied", "tstamp"),
          Shape.with(ANY, "Phinx", "version", "migration_name", "start_time", "end_time"),
          Shape.with(ANY, "Entity Framework Core", "migrationid", "productversion"),
          Shape.only(ANY, "Knex", "id", "name", "batch", "migration_time"),
          Shape.only(ANY, "golang-migrate", "version", "dirty"),
          Shape.only(ANY, "Alembic", "version_num"));

  /** Schemas that a hosted platform brings along, each with a history of its own parts. */
  static final Set<String> PLATFORM =
      Set.of("auth", "storage", "realtime", "_realtime", "_analytics", "hdb_catalog");

  private final SqlSession session;
  private final Set<String> ignored = new HashSet<>();
  private final History own;
  private final String target;

  /** Takes the history that the changelog itself is kept in, beside those to ignore. */
  OtherToolHistories(SqlSession session, Set<String> ignored, History own, String target) {
    this.own = own;
    this.session = session;
    ignored.forEach(name -> this.ignored.add(name.toLowerCase(Locale.ROOT)));
    this.target = target;
  }

  /**
   * A kind of table.
   *
   * @param name what its name has to match
   * @param only whether it has no other columns than those
   */
  private record Shape(Pattern name, String tool, Set<String> columns, boolean only) {
    static Shape with(String name, String tool, String... columns) {
      return new Shape(Pattern.compile(name), tool, Set.of(columns), false);
    }

    static Shape only(String name, String tool, String... columns) {
      return new Shape(Pattern.compile(name), tool, Set.of(columns), true);
    }

    boolean is(String table, Set<String> present) {
      return (only ? present.equals(columns) : present.containsAll(columns))
          && name.matcher(table).matches();
    }
  }

  /**
   * A table.
   *
   * @param here whether it stands where unqualified names are looked for
   * @param columns in lower case
   */
  private record Table(String schema, String name, boolean here, Set<String> columns) {
    String path() {
      return schema.isEmpty() ? name : schema + "." + name;
    }
  }

  /**
   * Looks for them. Called where the history, if there is one, knows nothing of the changelog: then
   * it is another app's, or none of its changesets ran.
   *
   * @throws ProblemException with exit 65 if there is one that the user has not told to ignore
   */
  void refuse(MigrationListener listener) throws SQLException {
    Map<String, String> found = new TreeMap<>();
    for (Table table : tables()) {
      if (isOwn(table) || (!table.here() && PLATFORM.contains(table.schema()))) {
        continue;
      }
      Optional<String> tool = tool(table.name().toLowerCase(Locale.ROOT), table.columns());
      if (tool.isEmpty()) {
        continue;
      }
      if (ignored.contains(table.name().toLowerCase(Locale.ROOT))) {
        listener.noticed(
            "the changelog is applied beside the history of %s in %s, as declared"
                .formatted(tool.get(), table.path()));
      } else {
        found.put(table.name(), tool.get() + " in the table " + table.path());
      }
    }
    if (!found.isEmpty()) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "another tool has migrated this database, and of this changelog nothing was applied: there is a history of "
                  + String.join(", and of ", found.values())
                  + ". What that tool applied would run again",
              "target " + target,
              liquibase(found)
                  + "Go on with that tool, or, if the changelog is the folder of %s, set %s to it; or, if it holds only what was not applied yet, set %s=%s"
                      .formatted(
                          SupportedTool.titles(),
                          variable("FORMAT"),
                          variable("IGNORE_HISTORY"),
                          String.join(",", found.keySet()))));
    }
  }

  /** A history of Liquibase's under another name may be that of this very changelog. */
  private String liquibase(Map<String, String> found) {
    return found.entrySet().stream()
        .filter(table -> own.keepsNames() && table.getValue().startsWith("Liquibase "))
        .findFirst()
        .map(table ->
            "If it is that of this changelog, set %s=%s and %s to Liquibase's own names. Else: "
                .formatted(
                    variable("LIQUIBASE_HISTORY_TABLE"),
                    table.getKey(),
                    variable("LIQUIBASE_LOCK_TABLE")))
        .orElse("");
  }

  private String variable(String key) {
    return "TIDEGATE_TARGETS_%s_%s"
        .formatted(target.toUpperCase(Locale.ROOT).replace('-', '_'), key);
  }

  /** Of Liquibase's, one elsewhere is looked through by itself. */
  private boolean isOwn(Table table) {
    if (own.keepsNames()) {
      return table.name().equalsIgnoreCase(own.name());
    }
    String place =
        session.place().schema() == null ? session.place().catalog() : session.place().schema();
    return table.name().equals(own.name())
        && (table.schema().isEmpty() || table.schema().equals(place));
  }

  private static Optional<String> tool(String name, Set<String> columns) {
    return Optional.ofNullable(NAMES.get(name))
        .or(() ->
            SHAPES.stream().filter(shape -> shape.is(name, columns)).map(Shape::tool).findFirst());
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
