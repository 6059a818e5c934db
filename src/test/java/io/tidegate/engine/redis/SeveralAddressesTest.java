package io.tidegate.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.RedisServer;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Targets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A name with two addresses, the first of them dead, is an ordinary failover. */
class SeveralAddressesTest {
  private static final String NAME = "redis.several.example";

  /** One attempt at that name and this port, in a process whose names stand in a file. */
  public static void main(String[] args) throws Exception {
    HostPort address = new HostPort(NAME, Integer.parseInt(args[0]));
    Targets targets = Targets.of(new ServiceUrl("redis", List.of(address), "", Map.of()));
    try (Probe probe = new RedisEngine().open(targets.target(), ProbeMode.AWAIT)) {
      System.out.println(probe.attempt(Duration.ofSeconds(20)));
    }
  }

  @Test
  void firstAddressDead_isReadyThroughTheSecond(@TempDir Path folder) throws Exception {
    Path hosts =
        Files.write(folder.resolve("hosts"), List.of("127.0.0.2 " + NAME, "127.0.0.1 " + NAME));
    try (RedisServer server = RedisServer.started()) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Djdk.net.hosts.file=" + hosts,
                  "-cp",
                  System.getProperty("java.class.path"),
                  SeveralAddressesTest.class.getName(),
                  Integer.toString(server.port()))
              .redirectErrorStream(true)
              .start();
      try (var out = process.getInputStream()) {
        assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8)).contains("Ready[");
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }
}
