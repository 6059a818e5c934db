package io.tidegate.bench;

import io.tidegate.cli.Composition;
import io.tidegate.readiness.Await;
import io.tidegate.readiness.Ticker;
import io.tidegate.servers.RedisServer;
import io.tidegate.target.Credentials;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineCatalog;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.RetryPolicy;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Target.Role;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long it takes from the first answer that a server gives to anyone until the wait with its
 * default backoff has noticed. A Redis that starts while it is awaited is asked by a bare socket
 * every half millisecond beside it.
 */
public final class Noticing {
  private static final int ROUNDS = 30;

  private Noticing() {}

  /** Prints the median, the least and the most. Takes no arguments. */
  public static void main(String[] args) throws Exception {
    List<Double> millis = new ArrayList<>();
    EngineCatalog engines = new Composition().engines();
    for (int round = -2; round < ROUNDS; round++) {
      double noticed = round(engines.find("redis").orElseThrow());
      if (round >= 0) {
        millis.add(noticed);
      }
    }
    Collections.sort(millis);
    System.out.printf(
        "noticed after the first answer: median %.0f ms, least %.0f, most %.0f (%d rounds)%n",
        millis.get(ROUNDS / 2), millis.getFirst(), millis.getLast(), ROUNDS);
  }

  private static double round(Engine engine) throws Exception {
    try (RedisServer server = new RedisServer()) {
      Target target = target(server.port());
      CompletableFuture<Long> noticed = new CompletableFuture<>();
      Thread.ofPlatform()
          .start(() -> {
            try {
              new Await(
                      waited -> engine.open(waited, ProbeMode.AWAIT),
                      (probed, result, took) -> {},
                      Ticker.SYSTEM,
                      RandomGenerator.getDefault())
                  .run(List.of(target));
              noticed.complete(System.nanoTime());
            } catch (InterruptedException | RuntimeException e) {
              noticed.completeExceptionally(e);
            }
          });
      // Waiting has begun, and its backoff has reached its cap.
      TimeUnit.MILLISECONDS.sleep(1500);
      server.startWithoutWaiting();
      while (!answers(server.port())) {
        TimeUnit.MICROSECONDS.sleep(500);
      }
      long answered = System.nanoTime();
      return (noticed.get(30, TimeUnit.SECONDS) - answered) / 1e6;
    }
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(1000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == '+';
    } catch (IOException e) {
      return false;
    }
  }

  private static Target target(int port) {
    return new Target(
        "redis",
        "BENCH",
        new ServiceUrl("redis", List.of(new HostPort("127.0.0.1", port)), "", Map.of()),
        Credentials.NONE,
        false,
        Purpose.CACHE,
        Role.PRIMARY,
        true,
        null,
        TlsSettings.FROM_URL,
        null,
        RetryPolicy.DEFAULT,
        null);
  }
}
