package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules in the program itself: what a live server and a declared backup tell is said, once each. */
class LiveRulesIT {
  @TempDir Path folder;

  @Test
  void a_server_that_may_lose_everything_is_told_of_and_does_not_stop_the_app() {
    try (PostgresServer server = new PostgresServer().with("fsync=off")) {
      server.start();
      server.execute("postgres", "CREATE UNLOGGED TABLE carts (id int)");
      String output = init(server, folder.resolve("no-backups"));
      assertThat(output)
          .contains("postgres-fsync", "fsync is off")
          .contains("postgres-unlogged-tables", "public.carts")
          .contains("superuser")
          .contains("backup-evidence", "there is no directory");
    }
  }

  @Test
  void a_server_that_keeps_everything_is_clean() throws Exception {
    try (PostgresServer server = new PostgresServer().with("fsync=on")) {
      server.start();
      server.execute("postgres", "CREATE ROLE app LOGIN PASSWORD 'pw'");
      Files.writeString(folder.resolve("today.dump"), "rows");
      try (TidegateProcess gate =
          TidegateProcess.start(
              Map.of(
                  "TIDEGATE_TARGETS_DB_URL",
                  "postgresql://127.0.0.1:%d/postgres".formatted(server.port()),
                  "TIDEGATE_TARGETS_DB_USERNAME",
                  "app",
                  "TIDEGATE_TARGETS_DB_PASSWORD_FILE",
                  Files.writeString(folder.resolve("pw"), "pw").toString(),
                  "TIDEGATE_TARGETS_DB_BACKUP_DIRECTORY",
                  folder.toString()),
              "init")) {
        assertThat(gate.exitCode()).as(gate.output()).isEqualTo(0);
        assertThat(gate.output())
            .doesNotContain("postgres-", "superuser", "backup-evidence", "WARN");
      }
    }
  }

  private static String init(PostgresServer server, Path backups) {
    try (TidegateProcess gate =
        TidegateProcess.start(
            Map.of(
                "TIDEGATE_TARGETS_DB_URL",
                server.url("postgres"),
                "TIDEGATE_TARGETS_DB_BACKUP_DIRECTORY",
                backups.toString()),
            "init")) {
      assertThat(gate.exitCode()).as(gate.output()).isEqualTo(0);
      return gate.output();
    }
  }
}
