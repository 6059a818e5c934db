package io.tidegate.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.agent.Agent;
import io.tidegate.agent.Agent.RunMode;
import io.tidegate.cli.Composition;
import io.tidegate.config.SettingsReader;
import io.tidegate.schema.RealTool.Server;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code wait}, begun before the tool itself migrates: see {@code .ci/tools}, which installs the tools.
 * Skipped where there are none.
 */
class SchemaGateRealToolsTest {
  private static final PostgresServer POSTGRES = new PostgresServer();
  private static final MariaDbServer MARIADB = new MariaDbServer();
  private static int databases;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    Assumptions.assumeTrue(
        Stream.of(RealTool.values()).anyMatch(RealTool::isInstalled), "no tool is installed");
    POSTGRES.start();
    MARIADB.start();
  }

  @AfterAll
  static void stop() {
    POSTGRES.close();
    MARIADB.close();
  }

  static Stream<Arguments> tools() {
    return Stream.of(RealTool.values())
        .flatMap(tool ->
            Stream.of("postgres", "mysql")
                .filter(tool::runsOn)
                .map(kind -> Arguments.of(tool, kind)));
  }

  @ParameterizedTest
  @MethodSource("tools")
  void wait_goes_by_the_folder_and_says_how_far_the_tool_is(RealTool tool, String kind)
      throws Exception {
    Assumptions.assumeTrue(tool.isInstalled(), "it is not installed");
    Server server = server(kind);
    Path all = Files.createDirectory(folder.resolve("all"));
    Path home = Files.createDirectory(folder.resolve("home"));
    tool.write(all, 3);
    try (Wait wait = new Wait(tool, server, "DIRECTORY", all.toString())) {
      wait.says("there is no table");
      tool.apply(home, server, 1);
      wait.says("is applied, 2 behind ");
      tool.apply(home, server, 3);
      assertThat(wait.ends()).contains(tool.schemaTool().title() + " at ");
    }
  }

  @ParameterizedTest
  @MethodSource("tools")
  void wait_goes_by_a_revision(RealTool tool, String kind) throws Exception {
    Assumptions.assumeTrue(tool.isInstalled(), "it is not installed");
    Server server = server(kind);
    try (Wait wait = new Wait(tool, server, "REVISION", tool.last())) {
      tool.apply(folder, server, 2);
      wait.says("is applied, ");
      tool.apply(folder, server, 3);
      assertThat(wait.ends()).contains(tool.schemaTool().title() + " at ");
    }
  }

  @Test
  void heads_are_those_that_alembic_prints() throws Exception {
    RealTool alembic = RealTool.ALEMBIC;
    Assumptions.assumeTrue(alembic.isInstalled(), "it is not installed");
    Server server = server("postgres");
    alembic.run(folder, server, "init", "migrations");
    for (String revision :
        new String[] {
          "a1 --head=base",
          "a2 --head=a1",
          "b1 --head=a1 --splice --branch-label=side",
          "b2 --head=b1",
          "c1 --head=base --branch-label=extra --depends-on=b1",
          "m1 --head=a2 --head=b2",
          "m2 --head=m1",
          "c2 --head=c1 --depends-on=side@m2",
          "d1 --head=m2 --splice",
          "d2 --head=m2 --splice"
        }) {
      String[] words = ("revision -m x --rev-id " + revision).split(" ", -1);
      alembic.run(folder, server, words);
      String printed = alembic.run(folder, server, "heads");
      assertThat(AlembicGraph.read(folder.resolve("migrations")).heads())
          .as(revision)
          .containsExactlyInAnyOrderElementsOf(
              printed.lines().map(line -> line.split(" ", 2)[0]).toList());
    }
  }

  private static Server server(String kind) {
    String database = "gate_" + databases++;
    if (kind.equals("postgres")) {
      POSTGRES.createDatabase(database);
      return new Server(
          kind, PostgresServer.USER, PostgresServer.PASSWORD, POSTGRES.port(), database);
    }
    MARIADB.createDatabase(database);
    return new Server(kind, "root", null, MARIADB.port(), database);
  }

  /** A run of {@code wait} in a thread of its own. */
  private static final class Wait implements AutoCloseable {
    private final Agent agent;
    private final FutureTask<Boolean> ended;
    private final Thread thread;

    Wait(RealTool tool, Server server, String key, String value) {
      Composition parts = new Composition();
      Map<String, String> environment =
          Map.of(
              "TIDEGATE_TARGETS_DB_URL",
              server.url(),
              "TIDEGATE_TARGETS_DB_SCHEMA_TOOL",
              tool.name(),
              "TIDEGATE_TARGETS_DB_SCHEMA_" + key,
              value);
      agent = parts.agent(new SettingsReader(parts.engines()).read(environment, Map.of(), null));
      ended =
          new FutureTask<>(() -> {
            agent.run(RunMode.WAIT);
            return true;
          });
      thread = Thread.ofVirtual().start(ended);
    }

    void says(String text) {
      Awaitility.await()
          .pollInterval(Duration.ofMillis(10))
          .atMost(Duration.ofMinutes(1))
          .until(this::detail, detail -> detail.contains(text));
      assertThat(ended.isDone()).isFalse();
    }

    String ends() throws Exception {
      assertThat(ended.get(1, TimeUnit.MINUTES)).isTrue();
      // The last event is taken in when the loop has ended.
      agent.close();
      return detail();
    }

    private String detail() {
      return agent.snapshots().snapshot().targets().getFirst().detail();
    }

    @Override
    public void close() {
      thread.interrupt();
      agent.close();
    }
  }
}
