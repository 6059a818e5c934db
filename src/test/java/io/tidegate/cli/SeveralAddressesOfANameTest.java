package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.TestCertificates;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Targets;
import io.tidegate.target.TlsPolicy.TlsSettings.Mode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A name with two addresses, the first of them dead, is an ordinary failover. The
 * same of Redis is shown beside its engine.
 */
class SeveralAddressesOfANameTest {
  @TempDir Path folder;

  /** Waits for a server under a name, and migrates it, in a process whose names stand in a file. */
  public static void main(String[] args) throws Exception {
    String scheme = args[0];
    HostPort address = new HostPort("localhost", Integer.parseInt(args[1]));
    Targets targets =
        Targets.of(new ServiceUrl(scheme, List.of(address), args[2], Map.of()))
            .as(args[3].isEmpty() ? null : args[3], args[4].isEmpty() ? null : args[4])
            .changelog(Path.of(args[5]));
    Target target =
        (args[6].isEmpty() ? targets : targets.tls(Mode.VERIFY_FULL, Path.of(args[6]))).target();
    Composition parts = new Composition();
    ProbeResult result;
    try (Probe probe = parts.engines().of(target).open(target, ProbeMode.AWAIT)) {
      int attempt = 0;
      do {
        result = probe.attempt(Duration.ofSeconds(20));
      } while (!(result instanceof ProbeResult.Ready) && ++attempt < 50);
    }
    System.out.println(result);
    System.out.println(
        "applied "
            + parts
                .migrators()
                .of(target)
                .open(target, MigrationSettings.DEFAULT)
                .migrate(MigrationListener.NONE)
                .applied());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void postgresql_isReadyAndMigratedThroughTheSecond(boolean encrypted) throws Exception {
    TestCertificates certificates = TestCertificates.get();
    try (PostgresServer server = new PostgresServer()) {
      server.withTls(certificates.server(), certificates.serverKey()).start();
      String[] target = {"postgresql", "postgres", PostgresServer.USER, PostgresServer.PASSWORD};
      isReady(server.port(), target, encrypted);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void mysql_isReadyAndMigratedThroughTheSecond(boolean encrypted) throws Exception {
    TestCertificates certificates = TestCertificates.get();
    try (MariaDbServer server = new MariaDbServer()) {
      server.withTls(certificates.server(), certificates.serverKey(), certificates.ca()).start();
      server.createDatabase("app");
      isReady(server.port(), new String[] {"mysql", "app", "root", ""}, encrypted);
    }
  }

  @Test
  void mongodb_isReadyAndMigratedThroughTheSecond() throws Exception {
    try (MongoWireServer server = MongoWireServer.started()) {
      isReady(server.port(), new String[] {"mongodb", "app", "", ""}, false);
    }
  }

  private void isReady(int port, String[] target, boolean encrypted) throws Exception {
    assertThat(run(port, target, encrypted)).contains("Ready[", "applied 1");
  }

  private String run(int port, String[] target, boolean encrypted) throws Exception {
    Path hosts =
        Files.write(folder.resolve("hosts"), List.of("127.0.0.2 localhost", "127.0.0.1 localhost"));
    Path changelog = Files.createDirectories(folder.resolve("changelog"));
    if (target[0].equals("mongodb")) {
      Files.writeString(changelog.resolve("001.json"), "{\"create\": \"orders\"}\n");
    } else {
      Files.writeString(changelog.resolve("001.sql"), "CREATE TABLE orders (id int);\n");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djdk.net.hosts.file=" + hosts);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SeveralAddressesOfANameTest.class.getName());
    command.addAll(List.of(target[0], Integer.toString(port), target[1], target[2], target[3]));
    command.add(changelog.toString());
    command.add(encrypted ? TestCertificates.get().ca().toString() : "");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = process.getInputStream()) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }
}
