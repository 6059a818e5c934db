package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tidegate.agent.Agent;
import io.tidegate.agent.Agent.RunMode;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.config.Settings;
import io.tidegate.config.SettingsReader;
import io.tidegate.migration.Migration;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.readiness.BoundedProbe;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.ServerProcess;
import io.tidegate.servers.StandInServer;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import io.tidegate.target.Targets;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that accepts and says nothing, as one does that hangs, or a proxy whose server is gone:
 * every attempt and every command ends, and who waits tries again.
 */
final class SilentServerTest {
  private static final PostgresServer POSTGRES = new PostgresServer();
  private static final MariaDbServer MARIADB = new MariaDbServer();
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final Composition parts = new Composition();
  @TempDir Path changelog;

  @BeforeAll
  static void start() {
    POSTGRES.start();
    MARIADB.start();
  }

  @AfterAll
  static void stop() {
    POSTGRES.close();
    MARIADB.close();
  }

  @BeforeEach
  void changelog() throws IOException {
    Files.writeString(changelog.resolve("001-create.sql"), "CREATE TABLE orders (id int);\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mysql", "redis", "mongodb"})
  void attempt_endsAndTheNextOneIsMade(String scheme) throws Exception {
    try (StandInServer silent = StandInServer.silent()) {
      String database = scheme.equals("redis") ? "0" : "app";
      Target target = Targets.at(scheme, silent.port(), database).target();
      try (BoundedProbe probe =
          new BoundedProbe("db", parts.engines().of(target).open(target, ProbeMode.AWAIT))) {
        for (int i = 0; i < 3; i++) {
          assertThat(ends(() -> probe.attempt(Duration.ofMillis(300))))
              .isInstanceOfSatisfying(
                  ProbeResult.NotYet.class,
                  notYet -> assertThat(notYet.reason()).isEqualTo(Reason.NO_ANSWER));
        }
      }
    }
  }

  @Test
  void commands_endAndSayThatTheServerIsNotReady() throws Exception {
    try (StandInServer silent = StandInServer.silent();
        ExecutorService together = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<@Nullable Throwable>> ends = new ArrayList<>();
      for (String scheme : List.of("postgresql", "mysql", "mongodb")) {
        Target target = Targets.at(scheme, silent.port(), "app").changelog(folder(scheme)).target();
        Migration migration = parts.migrators().of(target).open(target, MigrationSettings.DEFAULT);
        List<Callable<?>> commands =
            List.of(
                migration::status,
                migration::plan,
                () -> migration.migrate(MigrationListener.NONE));
        commands.forEach(
            command -> ends.add(together.submit(() -> catchThrowable(() -> ends(command)))));
      }
      for (Future<@Nullable Throwable> end : ends) {
        isNotReady(end.get());
      }
    }
  }

  /** The login works, and then nothing is answered: a pooler whose database is gone does so. */
  @Test
  void status_ofAServerThatFallsSilentAfterTheLogin_ends() throws Exception {
    String url = newDatabase("postgresql");
    try (StandInServer frozen =
        StandInServer.saying(client -> relay(client, POSTGRES.port(), "databasechangelog"))) {
      Migration migration = migration(settings(url, POSTGRES, frozen.port()));
      isNotReady(catchThrowable(() -> ends(migration::status)));
    }
  }

  /** Silent to the second connection: the look at the schema meets it after a good attempt. */
  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mysql"})
  void wait_becomesReadyOnceTheServerSpeaks(String scheme) throws Exception {
    ServerProcess server = server(scheme);
    String url = newDatabase(scheme);
    migration(settings(url, server, server.port())).migrate(MigrationListener.NONE);
    AtomicInteger silences = new AtomicInteger();
    try (StandInServer stuttering = relaying(server, number -> number != 2, silences)) {
      waits(settings(url, server, stuttering.port()));
      assertThat(silences).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mysql"})
  void wait_forAServerThatIsSilentAtFirst_becomesReadyOnceItSpeaks(String scheme) throws Exception {
    ServerProcess server = server(scheme);
    String url = newDatabase(scheme);
    migration(settings(url, server, server.port())).migrate(MigrationListener.NONE);
    AtomicInteger silences = new AtomicInteger();
    try (StandInServer late = relaying(server, number -> number > 3, silences)) {
      waits(settings(url, server, late.port()));
      assertThat(silences).hasValue(3);
    }
  }

  private void waits(Settings settings) throws Exception {
    SnapshotSource snapshots;
    try (Agent agent = parts.agent(settings)) {
      snapshots = agent.snapshots();
      ends(() -> {
        agent.run(RunMode.WAIT);
        return true;
      });
    }
    // Only when it is closed has the agent taken all that it was told.
    assertThat(snapshots.snapshot().targets())
        .allSatisfy(state -> assertThat(state.ready()).isTrue());
  }

  private Path folder(String scheme) throws IOException {
    return scheme.equals("mongodb")
        ? Files.createDirectories(changelog.resolve("commands"))
        : changelog;
  }

  private static void isNotReady(@Nullable Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.NOT_READY));
  }

  /** The result of what must end, by itself and long before this patience is over. */
  private static <T> T ends(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = Thread.ofPlatform().daemon().start(task);
    try {
      return task.get(3, TimeUnit.MINUTES);
    } catch (TimeoutException e) {
      StringBuilder at = new StringBuilder("does not end:");
      for (StackTraceElement element : thread.getStackTrace()) {
        at.append("\n  ").append(element);
      }
      throw new AssertionError(at.toString(), e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Passes on to the server those connections, counted from 1, that the test says; to others it is silent. */
  private static StandInServer relaying(
      ServerProcess server, IntPredicate speaks, AtomicInteger silences) {
    AtomicInteger number = new AtomicInteger();
    return StandInServer.saying(client -> {
      if (speaks.test(number.incrementAndGet())) {
        relay(client, server.port(), null);
      } else {
        silences.incrementAndGet();
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
      }
    });
  }

  /** Passes everything on until the client says the last word: that and what follows is never answered. */
  private static void relay(Socket client, int port, @Nullable String lastWord) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      Thread.ofVirtual()
          .start(() -> {
            try (client) {
              server.getInputStream().transferTo(client.getOutputStream());
            } catch (IOException theOtherSideIsGone) {
              return;
            }
          });
      byte[] bytes = new byte[65_536];
      boolean frozen = false;
      for (int n = client.getInputStream().read(bytes);
          n >= 0;
          n = client.getInputStream().read(bytes)) {
        String said = new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
        frozen |= lastWord != null && said.toLowerCase(Locale.ROOT).contains(lastWord);
        if (!frozen) {
          server.getOutputStream().write(bytes, 0, n);
        }
      }
    }
  }

  /** The settings for a target of a server that is reached through that port. */
  private Settings settings(String url, ServerProcess behind, int port) {
    return new SettingsReader(parts.engines())
        .read(
            Map.of(
                "TIDEGATE_TARGETS_DB_URL",
                url.replace(":" + behind.port() + "/", ":" + port + "/"),
                "TIDEGATE_TARGETS_DB_CHANGELOG",
                changelog.toString(),
                "TIDEGATE_ATTEMPT_TIMEOUT",
                "2s"),
            Map.of(),
            null);
  }

  private Migration migration(Settings settings) {
    return parts
        .migrators()
        .of(settings.targets().getFirst())
        .open(settings.targets().getFirst(), MigrationSettings.DEFAULT);
  }

  private static ServerProcess server(String scheme) {
    return scheme.equals("mysql") ? MARIADB : POSTGRES;
  }

  /** An empty database of its own. */
  private static String newDatabase(String scheme) {
    String name = "silence" + DATABASES.incrementAndGet();
    if (scheme.equals("mysql")) {
      MARIADB.createDatabase(name);
      return MARIADB.url(name);
    }
    POSTGRES.createDatabase(name);
    return POSTGRES.url(name);
  }
}
