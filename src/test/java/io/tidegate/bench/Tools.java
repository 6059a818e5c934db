package io.tidegate.bench;

import io.tidegate.servers.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The migrators, each with its changesets in its own form: a table, then a row into it, and so on. */
final class Tools {
  private static final Path BENCH = Path.of("target", "bench").toAbsolutePath();
  private static final Path HOME = BENCH.resolve("tidegate");
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private Tools() {}

  static List<Tool> all() {
    return List.of(cached(), uncached(), liquibase(), flyway(), dbmate());
  }

  static Tool cached() {
    Path caches = HOME.resolve("aot");
    return tidegate(
        "Tidegate",
        List.of(
            "-XX:SharedArchiveFile=%s:%s"
                .formatted(caches.resolve("tidegate.aot"), caches.resolve("commands.jsa"))));
  }

  static Tool uncached() {
    return tidegate("Tidegate, no class cache", List.of());
  }

  /** What is usual before a migrator that does not wait: a shell asks every second, then starts it. */
  static Tool dbmateAfter(Path pgIsReady) {
    Tool dbmate = dbmate();
    return new Tool(
        "`pg_isready` every second, then " + dbmate.name(),
        dbmate.files(),
        (port, database, folder) -> {
          List<String> command = new ArrayList<>(List.of("sh", "-c"));
          command.add(
              "until %s -q -h 127.0.0.1 -p %d; do sleep 1; done; exec \"$@\""
                  .formatted(pgIsReady, port));
          command.add("sh");
          command.addAll(dbmate.command().of(port, database, folder));
          return command;
        },
        dbmate.environment());
  }

  private static Tool tidegate(String name, List<String> flags) {
    return new Tool(
        name,
        (folder, n) -> {
          for (int i = 1; i <= n; i++) {
            write(folder, "%05d.sql".formatted(i), sql(i));
          }
        },
        (port, database, folder) -> {
          List<String> command =
              new ArrayList<>(List.of("env", "TIDEGATE_TARGETS_DB_URL=" + url(port, database)));
          command.add("TIDEGATE_TARGETS_DB_CHANGELOG=" + folder);
          command.add(JAVA);
          command.addAll(flags);
          command.add("@" + HOME.resolve("tidegate.training.args")); // The image's own flags.
          command.add("init");
          return command;
        },
        Map.of());
  }

  static Tool liquibase() {
    return new Tool(
        "Liquibase 4.33.0",
        (folder, n) -> {
          StringBuilder root = new StringBuilder("databaseChangeLog:\n");
          for (int i = 1; i <= n; i++) {
            String name = "%05d.sql".formatted(i);
            root.append("- include: {file: ").append(name).append("}\n");
            write(
                folder, name, "--liquibase formatted sql\n--changeset bench:" + i + "\n" + sql(i));
          }
          write(folder, "root.yaml", root.toString());
        },
        (port, database, folder) ->
            List.of(
                JAVA,
                "-cp",
                BENCH.resolve("liquibase") + "/*",
                "liquibase.integration.commandline.LiquibaseCommandLine",
                "--search-path=" + folder,
                "--changelog-file=root.yaml",
                "--url=" + jdbc(port, database),
                "--username=" + PostgresServer.USER,
                "--password=" + PostgresServer.PASSWORD,
                "update"),
        Map.of("LIQUIBASE_ANALYTICS_ENABLED", "false"));
  }

  private static Tool flyway() {
    Path home = BENCH.resolve("flyway-11.8.2");
    String classPath =
        "lib/*:lib/aad/*:lib/flyway/*:lib/netty/*:drivers/*".replaceAll("(^|:)", "$1" + home + "/");
    return new Tool(
        "Flyway 11.8.2",
        (folder, n) -> {
          for (int i = 1; i <= n; i++) {
            write(folder, "V%05d__c.sql".formatted(i), sql(i));
          }
        },
        (port, database, folder) ->
            List.of(
                JAVA,
                "-cp",
                classPath,
                "org.flywaydb.commandline.Main",
                "-url=" + jdbc(port, database),
                "-user=" + PostgresServer.USER,
                "-password=" + PostgresServer.PASSWORD,
                "-locations=filesystem:" + folder,
                "-skipCheckForUpdate",
                "migrate"),
        Map.of("REDGATE_DISABLE_TELEMETRY", "true"));
  }

  private static Tool dbmate() {
    return new Tool(
        "dbmate 2.36.0",
        (folder, n) -> {
          for (int i = 1; i <= n; i++) {
            write(
                folder,
                "%014d_c.sql".formatted(20260101000000L + i),
                "-- migrate:up\n" + sql(i) + "\n-- migrate:down\n");
          }
        },
        (port, database, folder) ->
            List.of(
                BENCH.resolve("node_modules/@dbmate/linux-x64/bin/dbmate").toString(),
                "--no-dump-schema",
                "--migrations-dir",
                folder.toString(),
                "--url",
                url(port, database) + "?sslmode=disable",
                "migrate"),
        Map.of());
  }

  private static String sql(int number) {
    return number % 2 == 1
        ? "CREATE TABLE t" + number + " (id int PRIMARY KEY, name text);\n"
        : "INSERT INTO t" + (number - 1) + " VALUES (1, 'one');\n";
  }

  private static String url(int port, String database) {
    return "postgresql://%s:%s@127.0.0.1:%d/%s"
        .formatted(PostgresServer.USER, PostgresServer.PASSWORD, port, database);
  }

  private static String jdbc(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
  }

  private static void write(Path folder, String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
