package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A secret stands in each place where one can stand; every command runs, to success and to failure,
 * at the most talkative level; and the secret is looked for in everything that came out.
 */
class CanaryIT {
  private static final String CANARY = "c4n4ry/Sings@2:am";
  private static final String ENCODED = "c4n4ry%2FSings%402%3Aam";
  private static final List<String> COMMANDS = List.of("init", "wait", "migrate", "plan", "status");
  private static final List<String> PATHS =
      List.of("/", "/ready", "/live", "/status", "/metrics", "/ready/db", "/nothing");

  private static PostgresServer postgres;
  private static RedisServer redis;

  @TempDir Path folder;

  @BeforeAll
  static void servers() {
    postgres = PostgresServer.started();
    postgres.execute("postgres", "CREATE ROLE app LOGIN PASSWORD '" + CANARY + "'");
    postgres.execute("postgres", "CREATE DATABASE app OWNER app");
    redis = new RedisServer().with("--requirepass", CANARY);
    redis.start();
  }

  @AfterAll
  static void close() {
    postgres.close();
    redis.close();
  }

  @Test
  void every_command_that_succeeds_keeps_the_secret() throws IOException {
    Path changelog = Files.createDirectory(folder.resolve("changelog"));
    Files.writeString(changelog.resolve("001.sql"), "CREATE TABLE IF NOT EXISTS t (id int);");
    List<Map<String, String>> places = places(address(postgres.port()));
    for (Map<String, String> place : places) {
      Map<String, String> environment = new HashMap<>(place);
      environment.put("TIDEGATE_TARGETS_DB_CHANGELOG", changelog.toString());
      environment.put(
          "TIDEGATE_TARGETS_CACHE_URL", "redis://:" + ENCODED + "@127.0.0.1:" + redis.port());
      runs(environment);
      for (String command : commandsIn(place, places)) {
        assertThat(ends(environment, command, "--deadline=60s"))
            .as(command + " with " + place.keySet())
            .isZero();
      }
    }
  }

  @Test
  void every_command_that_fails_keeps_the_secret() throws IOException {
    List<Map<String, String>> places = places("127.0.0.1:1/app");
    for (Map<String, String> place : places) {
      for (String command : commandsIn(place, places)) {
        assertThat(ends(place, command, "--deadline=200ms")).isNotZero();
      }
    }
    for (Map<String, String> wrong :
        List.of(
            Map.of("DATABASE_URL", "postgresql://app:" + CANARY + "@127.0.0.1:99999999/app"),
            Map.of("DATABASE_URL", "nosuch://app:" + ENCODED + "@127.0.0.1/app"),
            Map.of("DATABASE_URL", CANARY),
            Map.of("TIDEGATE_TARGETS_DB_PASSWROD", CANARY),
            Map.of("DATABASE_URL", "mongodb://app:" + ENCODED + "@127.0.0.1:1/app"),
            Map.of("DATABASE_URL", "redis://app:" + ENCODED + "@127.0.0.1:1/0"),
            Map.of("DATABASE_URL", "mysql://app:" + ENCODED + "@127.0.0.1:1/app"),
            Map.of(
                "DATABASE_URL",
                "postgresql://app:wrong-" + ENCODED + "@127.0.0.1:" + postgres.port() + "/app",
                "TIDEGATE_PERMANENT_GRACE",
                "100ms"))) {
      assertThat(ends(wrong, "init", "--deadline=10s")).as(wrong.keySet().toString()).isNotZero();
    }
  }

  @Test
  void a_secret_in_a_flag_is_kept_even_where_the_flag_is_wrong() {
    for (List<String> flags :
        List.of(
            List.of("--targets.db.url=postgresql://app:" + ENCODED + "@127.0.0.1:1/app"),
            List.of("--targets.db.password", CANARY),
            List.of("--targets.db.passwrod=" + CANARY),
            List.of(CANARY))) {
      List<String> args = new ArrayList<>(List.of("wait", "--deadline=1s"));
      args.addAll(flags);
      try (TidegateProcess process =
          TidegateProcess.start(folder, debug(Map.of()), line -> {}, args.toArray(String[]::new))) {
        assertThat(process.exitCode()).isNotZero();
        assertKept(process.output());
      }
    }
  }

  /** Every command for the first place; the others differ from it only until they are read. */
  private static List<String> commandsIn(
      Map<String, String> place, List<Map<String, String>> places) {
    return place.equals(places.getFirst()) ? COMMANDS : List.of("init");
  }

  /** The same secret in each place where it can be declared. */
  private List<Map<String, String>> places(String address) throws IOException {
    Path password = Files.writeString(folder.resolve("password"), CANARY + "\n");
    Path url =
        Files.writeString(
            folder.resolve("url"), "postgresql://app:" + ENCODED + "@" + address + "\n");
    Path yaml =
        Files.writeString(
            folder.resolve("tidegate.yaml"),
            """
            tidegate:
              targets:
                db:
                  url: postgresql://app@%s
                  password: "%s"
            """
                .formatted(address, CANARY));
    String bare = "postgresql://app@" + address;
    return List.of(
        Map.of("TIDEGATE_TARGETS_DB_URL", "postgresql://app:" + ENCODED + "@" + address),
        Map.of(
            "TIDEGATE_TARGETS_DB_URL",
            "jdbc:postgresql://" + address + "?user=app&password=" + ENCODED),
        Map.of("TIDEGATE_TARGETS_DB_URL", bare, "TIDEGATE_TARGETS_DB_PASSWORD", CANARY),
        Map.of(
            "TIDEGATE_TARGETS_DB_URL",
            bare,
            "TIDEGATE_TARGETS_DB_PASSWORD_FILE",
            password.toString()),
        Map.of("TIDEGATE_TARGETS_DB_URL_FILE", url.toString()),
        Map.of("TIDEGATE_CONFIG", yaml.toString()));
  }

  private void runs(Map<String, String> environment) {
    int port = Ports.free();
    Map<String, String> all = debug(environment);
    all.put("TIDEGATE_HTTP_PORT", Integer.toString(port));
    Endpoints endpoints = new Endpoints(port);
    try (TidegateProcess process = TidegateProcess.start(folder, all, line -> {}, "run")) {
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> endpoints.code("/ready") == 200);
      PATHS.forEach(path -> assertKept(endpoints.body(path)));
      process.terminate();
      assertThat(process.exitCode()).isEqualTo(143);
      assertKept(process.output());
    }
  }

  private int ends(Map<String, String> environment, String command, String deadline)
      throws IOException {
    Path lastWords = Files.writeString(folder.resolve("termination-log"), "");
    Map<String, String> all = debug(environment);
    all.put("TIDEGATE_TERMINATION_LOG", lastWords.toString());
    try (TidegateProcess process =
        TidegateProcess.start(folder, all, line -> {}, command, deadline)) {
      int exit = process.exitCode();
      assertKept(process.output());
      String said = Files.readString(lastWords);
      assertThat(said.isEmpty()).as("last words where it failed: " + said).isEqualTo(exit == 0);
      assertKept(said);
      return exit;
    }
  }

  private static void assertKept(String text) {
    assertThat(text).doesNotContain(CANARY, ENCODED, "c4n4ry", "Sings@2");
  }

  private static Map<String, String> debug(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("TIDEGATE_LOG_LEVEL", "debug");
    return all;
  }

  private static String address(int port) {
    return "127.0.0.1:" + port + "/app";
  }
}
