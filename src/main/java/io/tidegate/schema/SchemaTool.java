package io.tidegate.schema;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The migration tools whose history can be read: the table that each keeps, what its rows mean, and how
 * it names its files.
 */
public enum SchemaTool {
  /** See <a href="https://alembic.sqlalchemy.org/en/latest/tutorial.html">its tutorial</a>. */
  ALEMBIC("Alembic", "revision", "alembic_version", "version_num", null, null),
  /** See <a href="https://docs.djangoproject.com/en/stable/topics/migrations/">migrations</a>. */
  DJANGO("Django", "migration", "django_migrations", "app, name", "id", null),
  /** See <a href="https://www.prisma.io/docs/orm/prisma-migrate">Prisma Migrate</a>. */
  PRISMA(
      "Prisma",
      "migration",
      "_prisma_migrations",
      "migration_name, finished_at, rolled_back_at",
      "started_at",
      "([^/]+)/migration\\.sql"),
  /** See <a href="https://guides.rubyonrails.org/active_record_migrations.html">its guide</a>. */
  RAILS("Rails", "version", "schema_migrations", "version", "version", "(?:.*/)?(\\d+)_[^/]*\\.rb"),
  /** See <a href="https://documentation.red-gate.com/fd/migrations-271585107.html">names</a>. */
  FLYWAY(
      "Flyway",
      "version",
      "flyway_schema_history",
      "version, type, success",
      "installed_rank",
      "(?:.*/)?V(\\d[\\d._]*?)__[^/]*\\.(?:sql|java|kt|class)"),
  /** See <a href="https://docs.liquibase.com/reference-guide/tracking-tables">its tables</a>. */
  LIQUIBASE(
      "Liquibase",
      "changeset",
      "DATABASECHANGELOG",
      "ID, AUTHOR, FILENAME, EXECTYPE",
      "ORDEREXECUTED",
      null),
  /** See <a href="https://github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md">names</a>. */
  GOLANG_MIGRATE(
      "golang-migrate",
      "version",
      "schema_migrations",
      "version, dirty",
      null,
      "(\\d+)_[^/]*\\.up\\.[^/]+"),
  /** See <a href="https://github.com/amacneil/dbmate#creating-migrations">its files</a>. */
  DBMATE("dbmate", "version", "schema_migrations", "version", "version", "(\\d+)[^/]*\\.sql"),
  /** See <a href="https://pressly.github.io/goose/documentation/annotations/">its files</a>. */
  GOOSE(
      "goose",
      "version",
      "goose_db_version",
      "version_id, is_applied",
      "id",
      "(\\d+)_[^/]*(?:\\.sql|(?<!_test)\\.go)"),
  /** See <a href="https://github.com/rubenv/sql-migrate#writing-migrations">its files</a>. */
  SQL_MIGRATE("sql-migrate", "migration", "gorp_migrations", "id", "id", "([^/]+\\.sql)"),
  /** See <a href="https://knexjs.org/guide/migrations.html">its guide</a>. */
  KNEX("Knex", "migration", "knex_migrations", "name", "id", Scripts.FILE),
  /** See <a href="https://sequelize.org/docs/v6/other-topics/migrations/">its guide</a>. */
  SEQUELIZE("Sequelize", "migration", "SequelizeMeta", "name", "name", Scripts.FILE),
  /** See <a href="https://typeorm.io/docs/migrations/why">its guide</a>. */
  TYPEORM(
      "TypeORM",
      "migration",
      "migrations",
      "timestamp",
      "timestamp",
      "(\\d{13})-[^/]*(?<!\\.d)\\.(?:ts|js|mjs|cjs)"),
  /** See <a href="https://learn.microsoft.com/en-us/ef/core/managing-schemas/migrations/">EF</a>. */
  EF_CORE(
      "EF Core",
      "migration",
      "__EFMigrationsHistory",
      "MigrationId",
      "MigrationId",
      "(\\d{14}_[^/]*)(?<!\\.Designer)\\.cs"),
  /** See <a href="https://docs.rs/sqlx/latest/sqlx/macro.migrate.html">its files</a>. */
  SQLX(
      "sqlx",
      "version",
      "_sqlx_migrations",
      "version, success",
      "version",
      "(\\d+)_[^/]*(?<!\\.down)\\.sql"),
  /** See <a href="https://hexdocs.pm/ecto_sql/Ecto.Migration.html">its files</a>. */
  ECTO("Ecto", "version", "schema_migrations", "version", "version", "(?:.*/)?(\\d+)_[^/]*\\.exs");

  /** The files of the tools of JavaScript; which of the endings a build leaves is not asked. */
  private static final class Scripts {
    static final String FILE = "([^/]+?)(?<!\\.d)\\.(?:js|ts|cjs|mjs|cts|coffee)";
    private static final Pattern NAME = Pattern.compile(FILE);
  }

  private static final Pattern LEADING_ZEROS = Pattern.compile("^0+(?=\\d)");
  private static final Pattern DJANGO_NAME = Pattern.compile("[^.\\s]+\\.\\S+");
  private static final Pattern CLASS_NAME = Pattern.compile(".*?(\\d{13})");

  private final String title;
  private final String noun;
  private final String table;
  private final String columns;
  private final @Nullable String orderColumn;
  private final @Nullable Pattern file;

  SchemaTool(
      String title,
      String noun,
      String table,
      String columns,
      @Nullable String orderColumn,
      @Nullable String file) {
    this.title = title;
    this.noun = noun;
    this.table = table;
    this.columns = columns;
    this.orderColumn = orderColumn;
    this.file = file == null ? null : Pattern.compile(file);
  }

  /** Its name, for people. */
  public String title() {
    return title;
  }

  /** What it calls one step of its history. */
  String noun() {
    return noun;
  }

  /** The history table, as the tool names it where nothing else is set. */
  String table() {
    return table;
  }

  /** The columns that are read. */
  String[] columns() {
    return columns.split(", ", -1);
  }

  /** The column that orders the rows; null: their order means nothing. */
  @Nullable String orderColumn() {
    return orderColumn;
  }

  /** Whether the tool quotes the names of its table and columns, so that their case counts. */
  boolean isQuoted() {
    return this != LIQUIBASE;
  }

  /** Whether the names of its migrations tell which of two is the newer. */
  boolean isOrdered() {
    return this != ALEMBIC && this != LIQUIBASE;
  }

  /** The migration in a file; empty if the tool passes it over, or its files are read another way. */
  Optional<String> migration(String path) {
    Matcher matcher = file == null ? null : file.matcher(path);
    return matcher != null && matcher.matches()
        ? Optional.of(normal(matcher.group(1)))
        : Optional.empty();
  }

  /** A migration's name in the one spelling that is compared. */
  String normal(String name) {
    return switch (this) {
      case FLYWAY -> flywayVersion(name);
      case RAILS, GOLANG_MIGRATE, GOOSE, SQLX, ECTO -> LEADING_ZEROS.matcher(name).replaceFirst("");
      case KNEX, SEQUELIZE -> group(Scripts.NAME, name);
      case TYPEORM -> group(CLASS_NAME, name);
      default -> name;
    };
  }

  /** Whether a history can hold that, in the one spelling; if not, how it is written. */
  Optional<String> otherForm(String revision) {
    return switch (this) {
      case ALEMBIC ->
          form(
              !Set.of("head", "heads", "base").contains(revision),
              "the revision's own id, as ae1027a6acf");
      case DJANGO ->
          form(DJANGO_NAME.matcher(revision).matches(), "app.migration, as shop.0002_total");
      case RAILS, GOLANG_MIGRATE, DBMATE, GOOSE, SQLX, ECTO ->
          form(revision.matches("\\d+"), "the number that begins the file's name");
      case FLYWAY -> form(revision.matches("\\d+(\\.\\d+)*"), "the version, as 2.1");
      case TYPEORM ->
          form(revision.matches("\\d{13}"), "the class or its time stamp, as Init1700000000000");
      default -> form(!revision.isEmpty(), "the migration's name");
    };
  }

  private static Optional<String> form(boolean isRight, String form) {
    return isRight ? Optional.empty() : Optional.of(form);
  }

  /** {@code 1_002.0} is {@code 1.2}. */
  private static String flywayVersion(String version) {
    String[] parts = version.replace('_', '.').split("\\.", -1);
    for (int i = 0; i < parts.length; i++) {
      parts[i] = LEADING_ZEROS.matcher(parts[i]).replaceFirst("");
    }
    return String.join(".", parts).replaceFirst("(\\.0)+$", "");
  }

  private static String group(Pattern pattern, String name) {
    Matcher matcher = pattern.matcher(name);
    return matcher.matches() ? matcher.group(1) : name;
  }

  /** Takes in one row of the history. */
  void read(ResultSet row, AppliedMigrations history) throws SQLException {
    String name = normal(String.valueOf(row.getString(1)));
    switch (this) {
      case DJANGO -> history.apply(name + "." + row.getString(2));
      case PRISMA -> {
        if (row.getString(3) == null) {
          applyIf(row.getString(2) != null, name, history);
        }
      }
      case FLYWAY -> flyway(row, name, history);
      case LIQUIBASE -> {
        if (!"FAILED".equals(row.getString(4))) {
          String author = row.getString(2);
          history.apply(
              author + ":" + name, name, "%s::%s::%s".formatted(row.getString(3), name, author));
        }
      }
      case GOLANG_MIGRATE -> {
        history.applyUpTo(name);
        if (row.getBoolean(2)) {
          history.dirty(noun + " " + name);
        }
      }
      case GOOSE -> {
        if (!row.getBoolean(2)) {
          history.undo(name);
        } else if (!name.equals("0")) {
          history.apply(name);
        }
      }
      case SQLX -> applyIf(row.getBoolean(2), name, history);
      default -> history.apply(name);
    }
  }

  private void applyIf(boolean ended, String name, AppliedMigrations history) {
    if (ended) {
      history.apply(name);
    } else {
      history.dirty(noun + " " + name);
    }
  }

  /** A repeatable migration, and the row of a schema that Flyway made, have no version. */
  private void flyway(ResultSet row, String name, AppliedMigrations history) throws SQLException {
    boolean isVersion = row.getString(1) != null;
    String type = String.valueOf(row.getString(2));
    if (!row.getBoolean(3)) {
      history.dirty(isVersion ? noun + " " + name : "a repeatable migration");
    } else if (isVersion && type.endsWith("BASELINE")) {
      history.applyUpTo(name);
    } else if (isVersion && (type.startsWith("UNDO") || type.equals("DELETE"))) {
      history.undo(name);
    } else if (isVersion) {
      history.apply(name);
    }
  }
}
