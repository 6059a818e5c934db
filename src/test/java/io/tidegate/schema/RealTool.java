package io.tidegate.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A migration tool itself, run in a folder of its own into which the first few migrations of another
 * folder are copied: see {@code .ci/tools}, which installs it.
 */
enum RealTool {
  ALEMBIC(SchemaTool.ALEMBIC, "python/bin/alembic", "versions/r%1$d.py", "r3"),
  DJANGO(
      SchemaTool.DJANGO, "python/bin/django-admin", "shop/migrations/000%1$d_a.py", "shop.0003_a"),
  PRISMA(
      SchemaTool.PRISMA,
      "node/node_modules/.bin/prisma",
      "2024010%1$d_a/migration.sql",
      "20240103_a"),
  KNEX(SchemaTool.KNEX, "node/node_modules/.bin/knex", "2024010%1$d_a.js", "20240103_a.js"),
  SEQUELIZE(
      SchemaTool.SEQUELIZE,
      "node/node_modules/.bin/sequelize-cli",
      "2024010%1$d-a.js",
      "20240103-a.js"),
  TYPEORM(
      SchemaTool.TYPEORM,
      "node/node_modules/.bin/typeorm",
      "170000000000%1$d-A.js",
      "A1700000000003"),
  GOLANG_MIGRATE(SchemaTool.GOLANG_MIGRATE, "migrate", "00%1$d_a.up.sql", "3"),
  DBMATE(SchemaTool.DBMATE, "dbmate", "2024010%1$d_a.sql", "20240103"),
  GOOSE(SchemaTool.GOOSE, "goose", "0000%1$d_a.sql", "3"),
  SQL_MIGRATE(SchemaTool.SQL_MIGRATE, "sql-migrate", "00%1$d-a.sql", "003-a.sql"),
  FLYWAY(SchemaTool.FLYWAY, "flyway", "V1_%1$d__a.sql", "1.3");

  private static final Path TOOLS =
      Path.of(System.getProperty("tidegate.tools", "none")).toAbsolutePath();

  private final SchemaTool schemaTool;
  private final String program;
  private final String file;
  private final String last;

  RealTool(SchemaTool schemaTool, String program, String file, String last) {
    this.schemaTool = schemaTool;
    this.program = program;
    this.file = file;
    this.last = last;
  }

  /**
   * A server as the tools are told of it.
   *
   * @param kind {@code postgres} or {@code mysql}
   */
  record Server(String kind, String user, @Nullable String password, int port, String database) {
    boolean isPostgres() {
      return kind.equals("postgres");
    }

    String url(String scheme) {
      return "%s://%s%s@127.0.0.1:%d/%s"
          .formatted(scheme, user, password == null ? "" : ":" + password, port, database);
    }

    String url() {
      return url(kind);
    }

    /** As the drivers of Go write it. */
    String dsn() {
      return isPostgres()
          ? "host=127.0.0.1 port=%d user=%s password=%s dbname=%s sslmode=disable"
              .formatted(port, user, password, database)
          : "%s@tcp(127.0.0.1:%d)/%s?parseTime=true".formatted(user, port, database);
    }
  }

  SchemaTool schemaTool() {
    return schemaTool;
  }

  /** Whether it can be run beside that kind of server; what Prisma has without a download cannot do MySQL. */
  boolean runsOn(String kind) {
    return this != PRISMA || kind.equals("postgres");
  }

  boolean isInstalled() {
    return Files.exists(TOOLS.resolve(program));
  }

  /** The third migration, as a user declares it. */
  String last() {
    return last;
  }

  /** Writes the first migrations into a folder. */
  void write(Path folder, int count) {
    for (int i = 1; i <= count; i++) {
      write(folder.resolve(file.formatted(i)), text(i));
      if (this == KNEX || this == SEQUELIZE) {
        write(folder.resolve("2024010%d_a-up.sql".formatted(i)), "SELECT 1;");
      }
    }
  }

  private String text(int number) {
    String sql = "CREATE TABLE t%d (n int)".formatted(number);
    return switch (this) {
      case ALEMBIC ->
          "from alembic import op\nrevision: str = 'r%d'\ndown_revision = %s\n\n\ndef upgrade():\n    op.execute('%s')\n"
              .formatted(number, number == 1 ? "None" : "'r%d'".formatted(number - 1), sql);
      case DJANGO ->
          """
          from django.db import migrations

          class Migration(migrations.Migration):
              dependencies = [%s]
              operations = [migrations.RunSQL('%s')]
          """
              .formatted(number == 1 ? "" : "('shop', '000%d_a')".formatted(number - 1), sql);
      case KNEX -> "exports.up = k => k.raw('%s');\nexports.down = () => {};\n".formatted(sql);
      case SEQUELIZE ->
          "module.exports = { up: q => q.sequelize.query('%s'), down: async () => {} };\n"
              .formatted(sql);
      case TYPEORM ->
          "module.exports = { A170000000000%1$d: class A170000000000%1$d { up(q) { return q.query('%2$s'); } down() {} } };\n"
              .formatted(number, sql);
      case GOLANG_MIGRATE, FLYWAY, PRISMA -> sql + ";\n";
      case DBMATE -> "-- migrate:up\n" + sql + ";\n-- migrate:down\n";
      case GOOSE -> "-- +goose Up\n" + sql + ";\n";
      case SQL_MIGRATE -> "-- +migrate Up\n" + sql + ";\n";
    };
  }

  /** Has the tool apply the first migrations, over those that it has applied before. */
  String apply(Path home, Server server, int count) {
    Path migrations = home.resolve("migrations");
    write(migrations, count);
    return switch (this) {
      case ALEMBIC -> {
        write(home.resolve("alembic.ini"), "[alembic]\nscript_location = %(here)s/migrations\n");
        write(
            migrations.resolve("env.py"),
            """
            import os
            from alembic import context
            from sqlalchemy import create_engine
            with create_engine(os.environ["URL"]).begin() as connection:
                context.configure(connection=connection)
                with context.begin_transaction():
                    context.run_migrations()
            """);
        yield run(home, server, "upgrade", "heads");
      }
      case DJANGO -> {
        write(migrations.resolve("shop/__init__.py"), "");
        write(migrations.resolve("shop/migrations/__init__.py"), "");
        write(
            migrations.resolve("settings.py"),
            """
            INSTALLED_APPS = ["shop"]
            DATABASES = {"default": {"ENGINE": "django.db.backends.%s", "HOST": "127.0.0.1",
                "PORT": %d, "NAME": "%s", "USER": "%s", "PASSWORD": "%s"}}
            import pymysql
            pymysql.version_info = (2, 2, 7, "final", 0)
            pymysql.install_as_MySQLdb()
            """
                .formatted(
                    server.isPostgres() ? "postgresql" : "mysql",
                    server.port(),
                    server.database(),
                    server.user(),
                    server.password() == null ? "" : server.password()));
        yield run(home, server, "migrate", "--settings=settings", "--pythonpath=" + migrations);
      }
      case PRISMA -> {
        write(
            home.resolve("schema.prisma"),
            "datasource db {\n provider = \"postgresql\"\n url = env(\"URL\")\n}\n");
        write(migrations.resolve("migration_lock.toml"), "provider = \"postgresql\"\n");
        // Of its engines, only the one in JavaScript comes with its packages, and with PostgreSQL's
        // type
        // "name" it ends: https://github.com/prisma/orm/issues/27403.
        write(
            home.resolve("prisma.config.ts"),
            """
            import pg from 'pg'
            import { PrismaPg } from '@prisma/adapter-pg'
            const addFields = pg.Result.prototype.addFields
            pg.Result.prototype.addFields = function (fields) {
              fields.forEach(f => { if (f.dataTypeID === 19) f.dataTypeID = 25 })
              return addFields.call(this, fields)
            }
            const adapter = async () => new PrismaPg({ connectionString: process.env.URL })
            export default { schema: 'schema.prisma', migrations: { path: 'migrations' },
              experimental: { adapter: true }, engine: 'js', adapter }
            """);
        yield run(home, server, "migrate", "deploy");
      }
      case KNEX -> {
        write(
            home.resolve("knexfile.js"),
            "module.exports = { client: '%s', connection: process.env.URL };\n"
                .formatted(server.isPostgres() ? "pg" : "mysql2"));
        yield run(home, server, "migrate:latest");
      }
      case SEQUELIZE -> run(home, server, "db:migrate", "--url", server.url());
      case TYPEORM -> {
        write(
            home.resolve("source.js"),
            "module.exports = new (require('typeorm').DataSource)({ type: '%s', url: process.env.URL, migrations: [__dirname + '/migrations/*.js'] });\n"
                .formatted(server.kind()));
        yield run(home, server, "migration:run", "-d", "source.js");
      }
      case GOLANG_MIGRATE ->
          run(
              home,
              server,
              "-path",
              "migrations",
              "-database",
              server.isPostgres()
                  ? server.url() + "?sslmode=disable"
                  : "mysql://%s@tcp(127.0.0.1:%d)/%s"
                      .formatted(server.user(), server.port(), server.database()),
              "up");
      case DBMATE ->
          run(
              home,
              server,
              "--url",
              server.url() + (server.isPostgres() ? "?sslmode=disable" : ""),
              "--migrations-dir",
              "migrations",
              "--no-dump-schema",
              "up");
      case GOOSE -> run(home, server, "-dir", "migrations", server.kind(), server.dsn(), "up");
      case SQL_MIGRATE -> {
        write(
            home.resolve("dbconfig.yml"),
            "development:\n  dialect: %s\n  datasource: %s\n  dir: migrations\n"
                .formatted(server.kind(), server.dsn()));
        yield run(home, server, "up");
      }
      case FLYWAY -> flyway(migrations, server);
    };
  }

  /** Runs the tool in its folder and gives what it printed; it has to succeed. */
  String run(Path home, Server server, String... arguments) {
    List<String> line = new ArrayList<>(List.of(TOOLS.resolve(program).toString()));
    line.addAll(List.of(arguments));
    Path modules = home.resolve("node_modules");
    try {
      if (program.startsWith("node/")) {
        Files.createSymbolicLink(modules, TOOLS.resolve("node/node_modules"));
      }
      ProcessBuilder builder =
          new ProcessBuilder(line).directory(home.toFile()).redirectErrorStream(true);
      builder
          .environment()
          .putAll(
              Map.of(
                  "URL",
                  this == ALEMBIC
                      ? server.url(server.isPostgres() ? "postgresql+psycopg" : "mysql+pymysql")
                      : server.url(),
                  // Prisma: no search for updates, and no engine of its own for queries.
                  "CHECKPOINT_DISABLE",
                  "1",
                  "PRISMA_QUERY_ENGINE_LIBRARY",
                  home.resolve("schema.prisma").toString()));
      Process process = builder.start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(printed).isZero();
      Files.deleteIfExists(modules);
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** It is a library: its jars are loaded beside the drivers of this test. */
  private static String flyway(Path migrations, Server server) {
    String url =
        server.isPostgres()
            ? "jdbc:postgresql://127.0.0.1:%d/%s"
            : "jdbc:mariadb://127.0.0.1:%d/%s";
    try (Stream<Path> jars = Files.list(TOOLS.resolve("flyway"))) {
      URL[] urls = jars.map(RealTool::url).toArray(URL[]::new);
      try (URLClassLoader loader = new URLClassLoader(urls, RealTool.class.getClassLoader())) {
        Object flyway =
            Class.forName("org.flywaydb.core.Flyway", true, loader)
                .getMethod("configure", ClassLoader.class)
                .invoke(null, loader);
        flyway =
            call(
                flyway,
                "dataSource",
                url.formatted(server.port(), server.database()),
                server.user(),
                String.valueOf(server.password()).replace("null", ""));
        Object locations = new String[] {"filesystem:" + migrations};
        flyway = flyway.getClass().getMethod("locations", String[].class).invoke(flyway, locations);
        return String.valueOf(call(call(flyway, "load"), "migrate"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object call(Object on, String method, String... arguments)
      throws ReflectiveOperationException {
    Class<?>[] types = new Class<?>[arguments.length];
    Arrays.fill(types, String.class);
    return on.getClass().getMethod(method, types).invoke(on, (Object[]) arguments);
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
