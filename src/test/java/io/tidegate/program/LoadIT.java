package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who asks Tidegate does not decide what a database is asked. */
class LoadIT {
  private static final int CLIENTS = 20;
  private static final int PER_CLIENT_AND_SECOND = 100;
  private static final int SECONDS = 10;

  @Test
  void two_thousand_requests_a_second_cost_the_database_no_query_and_none_errs() throws Exception {
    int port = Ports.free();
    try (PostgresServer postgres = new PostgresServer().with("log_statement=all");
        TidegateProcess gate =
            TidegateProcess.start(
                Map.of(
                    "TIDEGATE_TARGETS_DB_URL", postgres.url("postgres"),
                    "TIDEGATE_WATCH_INTERVAL", "500ms",
                    "TIDEGATE_HTTP_PORT", Integer.toString(port)),
                "run")) {
      postgres.start();
      Endpoints endpoints = new Endpoints(port);
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> endpoints.code("/ready") == 200);

      long before = statements(postgres);
      TimeUnit.SECONDS.sleep(SECONDS);
      long idle = statements(postgres) - before;

      before = statements(postgres);
      long began = System.nanoTime();
      long answered = load(port);
      double seconds = (System.nanoTime() - began) / 1e9;
      double loaded = (statements(postgres) - before) * SECONDS / seconds;

      assertThat(answered).isEqualTo((long) CLIENTS * PER_CLIENT_AND_SECOND * SECONDS);
      assertThat(idle).as("the watch itself asks").isPositive();
      // One probe more or less may fall into either window.
      double probe = (double) idle / SECONDS;
      // Thousands of requests came in: were each to ask, it would not be twice as many.
      assertThat(loaded).isLessThanOrEqualTo(2 * idle + 2 * probe);
      assertThat(gate.running()).isTrue();
    }
  }

  private static long statements(PostgresServer postgres) {
    return postgres.log().lines().filter(line -> line.contains("LOG:  ")).count();
  }

  private static long load(int port) throws Exception {
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<Long>> results = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        results.add(clients.submit(() -> client(port)));
      }
      long answered = 0;
      for (Future<Long> result : results) {
        answered += result.get();
      }
      return answered;
    }
  }

  /** One kept connection that asks at an even pace and counts the answers that are 200. */
  private static long client(int port) throws IOException, InterruptedException {
    byte[] request =
        "GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    long answered = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      long began = System.nanoTime();
      for (int i = 0; i < PER_CLIENT_AND_SECOND * SECONDS; i++) {
        long due = began + i * (1_000_000_000L / PER_CLIENT_AND_SECOND);
        long early = due - System.nanoTime();
        if (early > 0) {
          TimeUnit.NANOSECONDS.sleep(early);
        }
        socket.getOutputStream().write(request);
        answered += answer(in) ? 1 : 0;
      }
    }
    return answered;
  }

  /** Reads one answer to its end; whether it was a 200. */
  private static boolean answer(InputStream in) throws IOException {
    String status = line(in);
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    in.readNBytes(length);
    return status.startsWith("HTTP/1.1 200");
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection was closed");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
