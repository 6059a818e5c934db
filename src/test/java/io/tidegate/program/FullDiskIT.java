package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.sql.Changelogs;
import io.tidegate.migration.sql.Contender;
import io.tidegate.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk of a PostgreSQL is full while it is migrated: the folder of its tables, or of its write-ahead
 * log, is a small file system in memory, which only root can make. Skipped for others.
 */
class FullDiskIT {
  /** They do not fit into one segment of the write-ahead log, of 16 MiB. */
  private static final int ROWS = 400_000;

  private static final int CHANGELOG = 65;
  private static final int NOT_READY = 69;

  @TempDir private Path changelog;

  @BeforeEach
  void changelog() {
    Changelogs.write(changelog, "001.sql", "CREATE TABLE t (id int);");
    Changelogs.write(
        changelog,
        "002.sql",
        "INSERT INTO t SELECT i FROM generate_series(1, %d) i; CREATE TABLE u (id int);"
            .formatted(ROWS));
  }

  @Test
  void changeset_that_finds_no_space_is_rolled_back_and_applied_once_there_is_some()
      throws Exception {
    try (PostgresServer server = new PostgresServer()) {
      Path base = server.data().resolve("base");
      SmallDisk disk = SmallDisk.at(base);
      try {
        server.start();
        Path ballast = disk.fill();

        TidegateProcess full = Contender.start(server.url("postgres"), changelog);
        assertThat(full.exitCode()).as(full.output()).isEqualTo(CHANGELOG);
        assertThat(full.output()).contains("002.sql", "No space left on device");
        assertThat(ask(server, "SELECT count(*) FROM t")).isZero();
        assertThat(ask(server, "SELECT count(*) FROM databasechangelog")).isEqualTo(1);

        Files.delete(ballast);
        TidegateProcess again = Contender.start(server.url("postgres"), changelog);
        assertThat(again.exitCode()).as(again.output()).isZero();
        assertThat(again.output()).contains("1 applied now, 1 before");
        assertThat(ask(server, "SELECT count(*) FROM t")).isEqualTo(ROWS);
      } finally {
        server.kill();
        disk.remove();
      }
    }
  }

  /** PostgreSQL ends all sessions with PANIC, and itself where its recovery finds no space either. */
  @Test
  void server_that_finds_no_space_for_its_log_is_lost_and_applies_it_once_there_is_some()
      throws Exception {
    try (PostgresServer server = new PostgresServer()) {
      SmallDisk disk = SmallDisk.at(server.data().resolve("pg_wal"));
      try {
        server.start();
        Path ballast = disk.fill();

        TidegateProcess full =
            TidegateProcess.start(
                Contender.environment(server.url("postgres"), changelog), "init", "--deadline=30s");
        assertThat(full.exitCode()).as(full.output()).isEqualTo(NOT_READY);
        assertThat(full.output()).contains("the connection failed while changeset 002.sql ran");
        assertThat(server.log()).contains("PANIC:  could not write", "No space left on device");

        Files.delete(ballast);
        server.kill();
        server.start();
        TidegateProcess again = Contender.start(server.url("postgres"), changelog);
        assertThat(again.exitCode()).as(again.output()).isZero();
        assertThat(again.output()).contains("1 applied now, 1 before");
        assertThat(ask(server, "SELECT count(*) FROM t")).isEqualTo(ROWS);
      } finally {
        server.kill();
        disk.remove();
      }
    }
  }

  private static int ask(PostgresServer server, String query) throws Exception {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getInt(1);
    }
  }

  /** A file system in memory in place of a folder, with what the folder held. */
  private record SmallDisk(Path folder) {
    private static final int ROOM_KIB = 2048;

    static SmallDisk at(Path folder) throws Exception {
      Path was = folder.resolveSibling(folder.getFileName() + "-was");
      Files.move(folder, was);
      Files.createDirectory(folder);
      boolean mounted =
          run("mount", "-t", "tmpfs", "-o", "size=64m,mode=0700", "tmpfs", folder.toString());
      Assumptions.assumeTrue(mounted, "no file system can be mounted here");
      assertThat(run("cp", "-a", was + "/.", folder.toString())).isTrue();
      return new SmallDisk(folder);
    }

    /** Leaves a little room, and gives the file that takes the rest. */
    Path fill() throws IOException {
      Path ballast = folder.resolve("ballast");
      long bytes = Files.getFileStore(folder).getUsableSpace() - ROOM_KIB * 1024L;
      Files.write(ballast, new byte[Math.toIntExact(bytes)]);
      return ballast;
    }

    void remove() throws Exception {
      assertThat(run("umount", "-l", folder.toString())).isTrue();
    }

    private static boolean run(String... command) throws Exception {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
  }
}
