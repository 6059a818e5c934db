package io.tidegate.schema;

import io.tidegate.program.TidegateProcess;
import io.tidegate.schema.RealTool.Server;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * How long it takes from the commit of a migration tool itself until a {@code wait}, a process of its own
 * whose schema gate holds, says that the target is ready. A bare session that asks for the row of the
 * history every millisecond beside it sees the commit. The later waits are older than half a minute, by
 * when the backoff has slowed down.
 */
public final class GateNoticing {
  private static final int YOUNG = 12;
  private static final int OLD = 8;
  private static final int OLD_SECONDS = 31;

  private GateNoticing() {}

  /** Prints the median, the least and the most. Takes the folder of the tools, see {@code .ci/tools}. */
  public static void main(String[] args) throws Exception {
    System.setProperty("tidegate.tools", args[0]);
    try (PostgresServer postgres = PostgresServer.started();
        MariaDbServer mariadb = MariaDbServer.started()) {
      for (RealTool tool : List.of(RealTool.GOLANG_MIGRATE, RealTool.ALEMBIC)) {
        measure(
            tool,
            database -> {
              postgres.createDatabase(database);
              return new Server(
                  "postgres",
                  PostgresServer.USER,
                  PostgresServer.PASSWORD,
                  postgres.port(),
                  database);
            });
        measure(
            tool,
            database -> {
              mariadb.createDatabase(database);
              return new Server("mysql", "root", null, mariadb.port(), database);
            });
      }
    }
  }

  private static void measure(RealTool tool, Function<String, Server> servers) throws Exception {
    String name = tool.name().toLowerCase(Locale.ROOT);
    List<Double> young = new ArrayList<>();
    for (int i = 0; i < YOUNG; i++) {
      young.add(new Held(tool, servers.apply(name + i)).noticed());
    }
    List<Held> waiting = new ArrayList<>();
    for (int i = 0; i < OLD; i++) {
      waiting.add(new Held(tool, servers.apply(name + "_old" + i)));
    }
    TimeUnit.SECONDS.sleep(OLD_SECONDS);
    List<Double> old = new ArrayList<>();
    for (Held held : waiting) {
      old.add(held.noticed());
    }
    String kind = waiting.getFirst().server.kind();
    print(tool, kind, "waits just begun", young);
    print(tool, kind, "waits older than 30 s", old);
    young.addAll(old);
    print(tool, kind, "all", young);
  }

  private static void print(RealTool tool, String kind, String which, List<Double> millis) {
    List<Double> sorted = millis.stream().sorted().toList();
    int half = sorted.size() / 2;
    System.out.printf(
        "%s on %s, %s: median %.0f ms, least %.0f, most %.0f (%d)%n",
        tool.schemaTool().title(),
        kind,
        which,
        (sorted.get(half) + sorted.get(sorted.size() - 1 - half)) / 2,
        Collections.min(sorted),
        Collections.max(sorted),
        sorted.size());
  }

  /** A database, and the {@code wait} that has found that its schema is not there. */
  private static final class Held {
    private final CompletableFuture<Long> ready = new CompletableFuture<>();
    private final RealTool tool;
    private final Server server;
    private final TidegateProcess process;

    Held(RealTool tool, Server server) throws InterruptedException {
      this.tool = tool;
      this.server = server;
      CountDownLatch holds = new CountDownLatch(1);
      Map<String, String> environment =
          Map.of(
              "TIDEGATE_TARGETS_DB_URL",
              server.url(),
              "TIDEGATE_TARGETS_DB_SCHEMA_TOOL",
              tool.name(),
              "TIDEGATE_TARGETS_DB_SCHEMA_REVISION",
              tool.last());
      process =
          TidegateProcess.start(
              Path.of("."),
              environment,
              line -> {
                long now = System.nanoTime();
                if (line.contains(": not yet: ")) {
                  holds.countDown();
                } else if (line.contains(": ready: ")) {
                  ready.complete(now);
                }
              },
              "wait");
      if (!holds.await(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException(process.output());
      }
    }

    /** Has the tool migrate and gives the milliseconds from its commit to the line that says ready. */
    double noticed() throws Exception {
      Path home = Files.createTempDirectory("tidegate-gate-");
      CompletableFuture<Long> committed = CompletableFuture.supplyAsync(this::committed);
      tool.apply(home, server, 3);
      long from = committed.get(1, TimeUnit.MINUTES);
      long to = ready.get(1, TimeUnit.MINUTES);
      if (process.exitCode() != 0) {
        throw new IllegalStateException(process.output());
      }
      return (to - from) / 1e6;
    }

    private long committed() {
      String url =
          "jdbc:%s://127.0.0.1:%d/%s"
              .formatted(
                  server.isPostgres() ? "postgresql" : "mariadb", server.port(), server.database());
      String row =
          tool == RealTool.ALEMBIC
              ? "SELECT 1 FROM alembic_version WHERE version_num = 'r3'"
              : "SELECT 1 FROM schema_migrations WHERE version = 3 AND NOT dirty";
      try (Connection connection =
              DriverManager.getConnection(url, server.user(), server.password());
          Statement statement = connection.createStatement()) {
        while (!isThere(statement, row)) {
          TimeUnit.MILLISECONDS.sleep(1);
        }
        return System.nanoTime();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    private static boolean isThere(Statement statement, String row) {
      try (ResultSet result = statement.executeQuery(row)) {
        return result.next();
      } catch (SQLException e) {
        return false; // There is no table yet.
      }
    }
  }
}
