package io.tidegate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.tidegate.config.Settings.HttpSettings;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that do what they should not, over sockets of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileClientTest {
  /** Of the whole process: the event loops, and what a JVM has anyway. */
  private static final int MOST_THREADS = 30;

  private final HttpClient client = HttpClient.newHttpClient();
  private ServerProcess server;
  private int port;

  @BeforeAll
  void start() throws IOException {
    server = ServerProcess.listening();
    port = server.port();
  }

  @AfterAll
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void headersTooLarge_areRefused() throws Exception {
    String answer = say("GET /ready HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(20_000) + "\r\n\r\n");
    assertThat(answer).matches("(?s)HTTP/1.[01] 413 .*");
    assertNothingTold(answer);
  }

  @Test
  void lineTooLong_isRefused() throws Exception {
    String answer = say("GET /" + "a".repeat(10_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(answer).matches("(?s)HTTP/1.[01] 413 .*");
    assertNothingTold(answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 100000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n186a0\r\n"})
  void bodyTooLarge_isRefused(String announced) throws Exception {
    String body = announced + "a".repeat(100_000) + "\r\n0\r\n\r\n";
    String answer = say("GET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + body);
    assertThat(answer).matches("(?s)HTTP/1.[01] 413 .*");
    assertNothingTold(answer);
    String written = say("POST /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + body);
    assertThat(written).matches("(?s)HTTP/1.[01] (405|413) .*");
    assertNothingTold(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
        "hello\r\n\r\n",
        "GET %%% HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /ready/%ff%fe%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /ready/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET http://elsewhere/ready/nobody HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "TRACE /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
      })
  void garbage_getsAnErrorOrAClosedConnection(String garbage) throws Exception {
    String answer = say(garbage);
    if (!answer.isEmpty()) {
      assertThat(answer).matches("(?s)HTTP/1.[01] 4\\d\\d .*");
    }
    assertNothingTold(answer);
    assertThat(code("/live")).isEqualTo(200);
  }

  @Test
  void slowClients_areCutOff_andNobodyWaitsForThem() throws Exception {
    try (Sockets slow = new Sockets()) {
      for (int i = 0; i < 100; i++) {
        slow.open("GET /ready HTTP/1.1\r\nHost");
      }
      assertThat(code("/ready")).isEqualTo(200);
      Socket one = slow.all.getFirst();
      one.setSoTimeout((int) RequestDeadline.FIRST.plusSeconds(20).toMillis());
      long began = System.nanoTime();
      // A byte now and then does not prolong it: the deadline is for the whole request.
      one.getOutputStream().write(':');
      assertThat(one.getInputStream().read()).isEqualTo(-1);
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isLessThan(RequestDeadline.FIRST.plusSeconds(15));
    }
  }

  @Test
  void halfRequests_takeNoThreads_andAreCutOff() throws Exception {
    try (Sockets slow = new Sockets()) {
      for (int i = 0; i < 276; i++) {
        slow.open("G");
      }
      assertThat(code("/ready")).isEqualTo(200);
      assertThat(threads()).isLessThan(MOST_THREADS);
      for (Socket socket : slow.all) {
        assertThat(read(socket)).isEmpty();
      }
    }
  }

  @Test
  void connections_areBounded() throws Exception {
    try (Sockets many = new Sockets()) {
      for (int i = 0; i < ConnectionLimits.MAX_CONNECTIONS; i++) {
        many.open("");
      }
      boolean refused = false;
      for (int i = 0; i < 50 && !refused; i++) {
        refused = read(many.open("")).isEmpty();
      }
      assertThat(refused).isTrue();
    }
    eventuallyReady();
  }

  @Test
  void manyReaders_allGetTheirAnswer() throws Exception {
    int clients = 64;
    int each = 100;
    Callable<Integer> client =
        () -> {
          int good = 0;
          for (int i = 0; i < each; i++) {
            good += code("/ready") == 200 ? 1 : 0;
          }
          return good;
        };
    int good = 0;
    try (var threads = Executors.newFixedThreadPool(clients)) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        answers.add(threads.submit(client));
      }
      for (Future<Integer> answer : answers) {
        good += answer.get();
      }
    }
    assertThat(good).isEqualTo(clients * each);
    assertThat(threads()).isLessThan(MOST_THREADS);
  }

  @Test
  void portInUse_isOneProblem() {
    HttpSettings taken = new HttpSettings("127.0.0.1", port);
    assertThat(catchThrowable(() -> HttpServer.start(Told.watching(), taken)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem.exit()).isEqualTo(ExitCode.REFUSED);
              assertThat(problem.problems())
                  .singleElement()
                  .satisfies(one -> {
                    assertThat(one.where()).isEqualTo("http.port");
                    assertThat(one.what()).contains("127.0.0.1 port " + taken.port(), "in use");
                  });
            });
  }

  @Test
  void hostWithoutAnAddress_isOneProblem() {
    HttpSettings nowhere = new HttpSettings("nowhere.invalid", 0);
    assertThat(catchThrowable(() -> HttpServer.start(Told.watching(), nowhere)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("nowhere.invalid")
        .hasMessageContaining("no address");
  }

  private static void assertNothingTold(String answer) {
    assertThat(answer)
        .doesNotContain("Exception", "\tat ", "io.netty", "micronaut", "tidegate", "Server:");
  }

  private void eventuallyReady() {
    await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> code("/ready") == 200);
  }

  private int code(String path) throws IOException, InterruptedException {
    return send(path).statusCode();
  }

  private HttpResponse<String> send(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private double threads() throws IOException, InterruptedException {
    Matcher live =
        Pattern.compile("(?m)^jvm_threads_live_threads (\\S+)$").matcher(send("/metrics").body());
    assertThat(live.find()).isTrue();
    return Double.parseDouble(live.group(1));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  private String say(String request) throws IOException {
    try (Socket socket = connect()) {
      try {
        OutputStream out = socket.getOutputStream();
        out.write(request.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
      } catch (IOException _) {
        // It may hang up before it has heard all: what it said meanwhile counts.
      }
      return read(socket);
    }
  }

  private static String read(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    try {
      int c;
      while ((c = socket.getInputStream().read()) >= 0) {
        text.append((char) c);
      }
    } catch (SocketTimeoutException timeout) {
      throw timeout;
    } catch (IOException _) {
      // Reset: hung up as well.
    }
    return text.toString();
  }

  /** Connections that do nothing more than they began with. */
  private final class Sockets implements AutoCloseable {
    final List<Socket> all = new ArrayList<>();

    Socket open(String beginning) throws IOException {
      Socket socket = connect();
      all.add(socket);
      socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
      return socket;
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : all) {
        socket.close();
      }
    }
  }
}
