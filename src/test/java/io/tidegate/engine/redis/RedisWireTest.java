package io.tidegate.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.engine.network.Deadline;
import io.tidegate.engine.redis.RedisAttemptRunner.NotReadyException;
import io.tidegate.servers.RedisServer;
import io.tidegate.servers.StandInServer;
import io.tidegate.servers.TestCertificates;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Targets;
import io.tidegate.target.TlsPolicy.TlsSettings;
import io.tidegate.target.TlsPolicy.TlsSettings.Mode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire: replies of every kind, servers that lie about them, and TLS. */
class RedisWireTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(700);
  private static final RedisEngine ENGINE = new RedisEngine();

  /** What a server's answer to one command is taken for. It stays silent afterwards. */
  private static Reply read(String reply) throws NotReadyException {
    return read(reply, false);
  }

  private static Reply read(String reply, boolean thenClosed) throws NotReadyException {
    byte[] bytes = reply.getBytes(StandardCharsets.UTF_8);
    try (StandInServer server =
            thenClosed
                ? StandInServer.answering(bytes)
                : StandInServer.saying(socket -> answer(socket, bytes));
        Connector connector = new Connector(RedisTarget.at("redis", server.port()).target());
        Node node =
            connector.connect(new HostPort("127.0.0.1", server.port()), Deadline.in(TIMEOUT))) {
      return node.run(Deadline.in(TIMEOUT), "ANY");
    }
  }

  private static String failure(String reply, boolean thenClosed) {
    ProbeResult result =
        catchThrowableOfType(NotReadyException.class, () -> read(reply, thenClosed)).result();
    return notYet(result).sentence();
  }

  private static Reply value(@Nullable Object... elements) {
    return new Reply.Value(Arrays.asList(elements));
  }

  private static ProbeResult probe(int port) throws InterruptedException {
    return probe(Targets.at("redis", port, ""));
  }

  private static ProbeResult probe(Targets targets) throws InterruptedException {
    try (Probe probe = ENGINE.open(targets.target(), ProbeMode.AWAIT)) {
      return probe.attempt(TIMEOUT);
    }
  }

  private static NotYet notYet(ProbeResult result) {
    assertThat(result).isInstanceOf(NotYet.class);
    return (NotYet) result;
  }

  @Test
  void reply_ofEachKind_isRead() throws NotReadyException {
    assertThat(read("+OK\r\n")).isEqualTo(value("OK"));
    assertThat(read(":-12\r\n")).isEqualTo(value(-12L));
    assertThat(read("$0\r\n\r\n")).isEqualTo(value(""));
    assertThat(read("$7\r\nzwö\r\nf\r\n")).isEqualTo(value("zwö\r\nf"));
    assertThat(read("$-1\r\n")).isEqualTo(value(new @Nullable Object[] {null}));
    assertThat(read("*-1\r\n")).isEqualTo(value());
    assertThat(read("*0\r\n")).isEqualTo(value());
    assertThat(read("*3\r\n*2\r\n:1\r\n$-1\r\n*0\r\n*-1\r\n"))
        .isEqualTo(value(Arrays.asList(1L, null), List.of(), null));
    assertThat(read("-ERR nö\r\n")).isEqualTo(new Reply.Refused("ERR nö"));
    assertThat(read("*2\r\n-ERR one\r\n-ERR two\r\n")).isEqualTo(new Reply.Refused("ERR one"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n", "hello\r\n", "<html>\r\n", "$-2\r\n"})
  void reply_thatIsNone_isRefused(String reply) {
    assertThat(failure(reply, false)).contains("no reply of Redis");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+OK", "$5\r\nab", "*2\r\n:1\r\n", ":12\r"})
  void reply_thatBreaksOff_isAnEnd(String reply) {
    assertThat(failure(reply, true)).contains("closed the connection");
  }

  @Test
  void reply_withinTheLimits_isRead() throws NotReadyException {
    assertThat(read("*1\r\n".repeat(ReplyOutput.MAX_DEPTH) + ":1\r\n"))
        .isInstanceOf(Reply.Value.class);
    int elements = ReplyOutput.MAX_PARTS - 1;
    assertThat(read("*%d\r\n".formatted(elements) + ":1\r\n".repeat(elements)))
        .isInstanceOfSatisfying(
            Reply.Value.class, value -> assertThat(value.elements()).hasSize(elements));
    int length = ReplyLimit.MAX_BYTES - 100;
    assertThat(read("$%d\r\n%s\r\n".formatted(length, "x".repeat(length))))
        .isInstanceOfSatisfying(
            Reply.Value.class, value -> assertThat(value.text()).hasSize(length));
  }

  /** Without the limits each of these takes all memory or all of the stack. */
  @ParameterizedTest
  @CsvSource({"*2000000000, 1", "*1, 100000", "*9, 100000"})
  void server_thatAnnouncesTooMuch_isNotBelieved(String announced, int times)
      throws InterruptedException {
    byte[] reply = (announced + "\r\n").repeat(times).getBytes(StandardCharsets.UTF_8);
    try (StandInServer server = StandInServer.saying(socket -> answer(socket, reply))) {
      NotYet result = notYet(probe(server.port()));
      assertThat(result.reason()).isEqualTo(Reason.OTHER);
      assertThat(result.sentence()).contains("127.0.0.1:", "answers with more than 4 MiB");
    }
  }

  /** Nothing is made for it before it is there, so there is nothing to do but to wait. */
  @ParameterizedTest
  @ValueSource(strings = {"$2000000000", "$99999999999", "$x", "$"})
  void server_thatAnnouncesALongText_isWaitedForInVain(String announced)
      throws InterruptedException {
    byte[] reply = (announced + "\r\n").getBytes(StandardCharsets.UTF_8);
    try (StandInServer server = StandInServer.saying(socket -> answer(socket, reply));
        Probe probe = ENGINE.open(target("redis", server), ProbeMode.AWAIT)) {
      assertThat(notYet(probe.attempt(SHORT)).reason()).isEqualTo(Reason.NO_ANSWER);
    }
  }

  @Test
  void line_thatNeverEnds_isNotBelieved() throws InterruptedException {
    byte[] reply = "+".repeat(ReplyLimit.MAX_BYTES + 1).getBytes(StandardCharsets.UTF_8);
    try (StandInServer server = StandInServer.saying(socket -> answer(socket, reply))) {
      assertThat(notYet(probe(server.port())).sentence()).contains("answers with more than 4 MiB");
    }
  }

  /** And then stays silent, so that it is the answer that ends the attempt and not its end. */
  private static void answer(Socket socket, byte[] reply) throws IOException {
    if (socket.getInputStream().read() >= 0) {
      socket.getOutputStream().write(reply);
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
  }

  @Test
  void garbage_isNamedSo() throws InterruptedException {
    try (StandInServer server =
        StandInServer.greeting("220 mail.example\r\n".getBytes(StandardCharsets.UTF_8))) {
      assertThat(probe(server.port()))
          .isEqualTo(
              new NotYet(
                  Reason.OTHER,
                  "127.0.0.1:%d answers with something that is no reply of Redis"
                      .formatted(server.port())));
    }
  }

  @Test
  void sentinel_thatNamesNoAddress_isNotUnderstood() throws InterruptedException {
    byte[] reply = "*2\r\n$4\r\nhost\r\n$4\r\nport\r\n".getBytes(StandardCharsets.UTF_8);
    try (StandInServer server = StandInServer.saying(socket -> answer(socket, reply))) {
      RedisTarget target = RedisTarget.at("redis-sentinel", server.port());
      try (Probe probe = ENGINE.open(target.target(), ProbeMode.AWAIT)) {
        assertThat(notYet(probe.attempt(TIMEOUT)).sentence()).contains("is not understood");
      }
      assertThat(ENGINE.facts(target.target(), TIMEOUT).get("save"))
          .isInstanceOfSatisfying(
              Fact.Unknown.class, fact -> assertThat(fact.reason()).contains("is not understood"));
    }
  }

  /** Each read has an answer soon; the attempt has not. */
  @Test
  void server_thatDrips_isHeldToTheSumOfItsTime() {
    try (StandInServer server = dripping("+")) {
      HostPort address = new HostPort("127.0.0.1", server.port());
      Deadline deadline = Deadline.in(SHORT);
      assertThat(
              silence(() -> {
                try (Connector connector = new Connector(target("redis", server));
                    Node node = connector.connect(address, deadline)) {
                  node.run(deadline, "INFO");
                }
              }))
          .isEqualTo(new NotYet(Reason.NO_ANSWER, address + " did not answer in time"));
    }
  }

  @Test
  void handshake_thatDrips_isHeldToTheSumOfItsTime() throws NotReadyException {
    // The beginning of a record of 16 KiB.
    try (StandInServer server = dripping("\u0016\u0003\u0003@\u0000\u0002\u0000?\u0000")) {
      HostPort address = new HostPort("127.0.0.1", server.port());
      assertThat(
              silence(() -> {
                Deadline deadline = Deadline.in(SHORT);
                try (Connector connector = new Connector(target("rediss", server));
                    Node node = connector.connect(address, deadline)) {
                  node.run(deadline, "PING");
                }
              }))
          .isEqualTo(new NotYet(Reason.NO_ANSWER, address + " did not answer in time"));
    }
  }

  @Test
  void facts_ofAServerThatDrips_areUnknownInTime() throws InterruptedException {
    try (StandInServer server = dripping("+")) {
      long start = System.nanoTime();
      assertThat(ENGINE.facts(RedisTarget.at("redis", server.port()).target(), SHORT).get("save"))
          .isInstanceOf(Fact.Unknown.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
    }
  }

  private static Target target(String scheme, StandInServer server) {
    return Targets.at(scheme, server.port(), "").target();
  }

  /** Only once it is asked: what comes before that is no reply. */
  private static StandInServer dripping(String beginning) {
    return StandInServer.saying(socket -> {
      int _ = socket.getInputStream().read();
      socket.getOutputStream().write(beginning.getBytes(StandardCharsets.ISO_8859_1));
      while (socket.getInputStream().available() >= 0) {
        socket.getOutputStream().write('x');
        pause();
      }
    });
  }

  private static void pause() {
    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
  }

  private interface Work {
    void run() throws NotReadyException;
  }

  private static ProbeResult silence(Work work) {
    return catchThrowableOfType(NotReadyException.class, work::run).result();
  }

  @Test
  void connection_thatIsClosedBetweenAttempts_isReplaced() throws InterruptedException {
    try (RedisServer server = RedisServer.started();
        Probe probe =
            ENGINE.open(RedisTarget.at("redis", server.port()).target(), ProbeMode.WATCH)) {
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
      assertThat(server.run("CLIENT", "KILL", "TYPE", "normal")).isNotBlank();
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
    }
  }

  @Test
  void tls_byTheUrlAlone_isAsTheUrlSays(@TempDir Path folder)
      throws InterruptedException, IOException {
    TestCertificates files = TestCertificates.get();
    try (RedisServer server =
        new RedisServer()
            .withTls(files.server(), files.serverKey(), files.ca())
            .with("--tls-auth-clients", "yes")) {
      server.start();
      Targets targets = Targets.at("rediss", server.port(), "");
      TlsSettings own = new TlsSettings(Mode.URL, files.ca(), files.client(), files.clientKey());
      assertThat(probe(targets.tls(own))).isInstanceOf(Ready.class);
      try (Probe probe = ENGINE.open(targets.tls(own).target(), ProbeMode.WATCH)) {
        assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
        server.kill();
        server.start();
        assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
      }
      Map<String, String> inUrl =
          Map.of(
              "ssl_ca_certs", files.ca().toString(),
              "ssl_certfile", files.client().toString(),
              "ssl_keyfile", files.clientKey().toString());
      assertThat(probe(targets.parameters(inUrl))).isInstanceOf(Ready.class);
      Map<String, String> unchecked = new HashMap<>(inUrl);
      unchecked.put("ssl_cert_reqs", "none");
      unchecked.put("ssl_ca_certs", "not used, and no path: \0");
      assertThat(probe(targets.parameters(unchecked))).isInstanceOf(Ready.class);
      TlsSettings anonymous = new TlsSettings(Mode.URL, files.ca(), null, null);
      assertThat(probe(targets.tls(anonymous))).isNotInstanceOf(Ready.class);
      TlsSettings distrustful =
          new TlsSettings(Mode.URL, files.otherCa(), files.client(), files.clientKey());
      assertWrong(probe(targets.tls(distrustful)), "unable to find valid certification path");
      assertThat(probe(targets.tls(distrustful).parameters(Map.of("verifyPeer", "NONE"))))
          .isInstanceOf(Ready.class);
      Path absent = folder.resolve("absent.pem");
      assertWrong(probe(targets.tls(new TlsSettings(Mode.URL, absent, null, null))), "absent.pem");
      Path empty = Files.writeString(folder.resolve("empty.pem"), "");
      assertWrong(probe(targets.tls(new TlsSettings(Mode.URL, empty, null, null))), "empty.pem");
      assertThat(probe(targets.tls(Mode.DISABLE, null))).isInstanceOf(NotYet.class);
    }
  }

  private static void assertWrong(ProbeResult result, String words) {
    assertThat(result)
        .isInstanceOfSatisfying(
            Wrong.class,
            wrong -> {
              assertThat(wrong.reason()).isEqualTo(Reason.TLS);
              assertThat(wrong.sentence())
                  .startsWith("no TLS with 127.0.0.1:")
                  .contains(words)
                  .doesNotContain("Exception");
            });
  }
}
