package io.tidegate.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.servers.Ports;
import io.tidegate.servers.StandInServer;
import io.tidegate.servers.TestCertificates;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target.Role;
import io.tidegate.target.TlsPolicy.TlsSettings.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What every engine of a network service must do, on a real server. An engine's test extends it and
 * says how its server is brought into each state; states of one engine only are tests of its own.
 */
public abstract class EngineContract {
  /** Long enough for a slow machine. */
  protected static final Duration TIMEOUT = Duration.ofMinutes(1);

  /** For attempts that are meant to run into it. */
  protected static final Duration SHORT = Duration.ofMillis(1500);

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The secret that no sentence may hold. */
  protected static final String WRONG_PASSWORD = "canary-4711-wrong";

  /** The engine under test. */
  protected abstract Engine engine();

  /** A target that is ready, over a server that runs, as a user with a password. */
  protected abstract Targets ready();

  /** The same kind of target, on that loopback port. */
  protected abstract Targets at(int port);

  /** How many connections of the user of {@link #ready} the server has now. */
  protected abstract int connections();

  /** Whether {@link #otherDatabase} means something. */
  protected boolean hasDatabases() {
    return true;
  }

  /** A target with a database that does not exist. */
  protected abstract Targets otherDatabase();

  /** Makes the server of {@link #ready} refuse writes, or take them again; where there are roles. */
  protected void readOnly(boolean on) {
    assumeTrue(engine().traits().roles());
    throw new IllegalStateException("this engine's servers have roles");
  }

  /** Changes the password of the user of {@link #ready}. */
  protected abstract void changePassword(String password);

  /** The user of {@link #ready}, and the password after {@link #changePassword}. */
  protected abstract String user();

  /** The password that {@link #ready} has. */
  protected abstract String password();

  /** Kills the server, as a power cut would. */
  protected abstract void kill();

  /** Starts it on the same port with the same data, and waits until it answers. */
  protected abstract void start();

  /** A target on a server that shows the server certificate of {@link TestCertificates}. */
  protected abstract Targets withTls();

  /** A target on a server that shows the certificate of another host. */
  protected abstract Targets withTlsElsewhere();

  /** One attempt, as while awaiting. */
  protected final ProbeResult probe(Targets targets) throws InterruptedException {
    return probe(targets, TIMEOUT);
  }

  /** One attempt, as while awaiting. */
  protected final ProbeResult probe(Targets targets, Duration timeout) throws InterruptedException {
    try (Probe probe = engine().open(targets.target(), ProbeMode.AWAIT)) {
      ProbeResult result = probe.attempt(timeout);
      assertThat(result.toString()).doesNotContain(WRONG_PASSWORD).doesNotContain(password());
      return result;
    }
  }

  /** Asserts a transient failure of that reason. */
  protected static void assertNotYet(ProbeResult result, Reason... reasons) {
    assertThat(result).isInstanceOf(NotYet.class);
    NotYet notYet = (NotYet) result;
    assertThat(notYet.reason()).as(notYet.sentence()).isIn((Object[]) reasons);
    assertSentence(notYet.sentence());
  }

  /**
   * Waits until a probe finds its target ready. What was changed elsewhere a moment ago may not have
   * arrived everywhere: a session takes a setting when it comes to it, a driver's monitor may still
   * hold an older answer.
   */
  protected static void becomesReady(Probe probe) {
    Awaitility.await().atMost(PATIENCE).until(() -> probe.attempt(TIMEOUT) instanceof Ready);
  }

  /** One more connection to a server; null: a session that is ending still has its place. */
  protected interface OneMore {
    @Nullable AutoCloseable open() throws Exception;
  }

  /** What a probe finds when its server has as many connections as it accepts. */
  protected final ProbeResult whenFull(Targets targets, OneMore more) throws Exception {
    List<AutoCloseable> all = new ArrayList<>();
    try {
      return Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> {
                AutoCloseable opened = more.open();
                if (opened != null) {
                  all.add(opened);
                }
                return probe(targets);
              },
              result -> !(result instanceof Ready));
    } finally {
      for (AutoCloseable one : all) {
        one.close();
      }
      // The server frees a place a moment after its client has gone; the next test needs one.
      Awaitility.await().atMost(PATIENCE).until(() -> probe(targets) instanceof Ready);
    }
  }

  /** Waits until a probe finds a transient failure of that reason. */
  protected static void becomesNotYet(Probe probe, Reason reason) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertNotYet(probe.attempt(TIMEOUT), reason));
  }

  /** Asserts a permanent failure of that reason. */
  protected static void assertWrong(ProbeResult result, Reason reason) {
    assertThat(result).isInstanceOf(Wrong.class);
    Wrong wrong = (Wrong) result;
    assertThat(wrong.reason()).as(wrong.sentence()).isEqualTo(reason);
    assertSentence(wrong.sentence());
  }

  private static void assertSentence(String sentence) {
    assertThat(sentence)
        .isNotBlank()
        .doesNotContain("Exception")
        .doesNotContain("\n")
        .doesNotEndWith(".");
  }

  @Test
  void server_thatRuns_isReady() throws InterruptedException {
    assertThat(probe(ready())).isInstanceOf(Ready.class);
  }

  @Test
  void port_withoutListener_isNotYetReachable() throws InterruptedException {
    assertNotYet(probe(at(Ports.free())), Reason.UNREACHABLE);
  }

  @Test
  void name_thatDoesNotResolve_isNotYetReachable() throws InterruptedException {
    Target target = at(1).target();
    ServiceUrl url =
        new ServiceUrl(
            target.url().scheme(),
            List.of(new HostPort("not-there.invalid", 1)),
            target.url().path(),
            target.url().parameters());
    assertNotYet(
        probe(Targets.of(url).as(target.credentials())), Reason.UNREACHABLE, Reason.NO_ANSWER);
  }

  @Test
  void silence_endsTheAttemptInTime() throws InterruptedException {
    try (StandInServer silent = StandInServer.silent()) {
      long start = System.nanoTime();
      assertNotYet(probe(at(silent.port()), SHORT), Reason.NO_ANSWER);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plus(TIMEOUT));
    }
  }

  @Test
  void silence_isAskedOneConnectionAtATime() throws InterruptedException {
    try (StandInServer silent = StandInServer.silent();
        Probe probe = engine().open(at(silent.port()).target(), ProbeMode.AWAIT)) {
      for (int i = 0; i < 4; i++) {
        assertNotYet(probe.attempt(Duration.ofMillis(300)), Reason.NO_ANSWER);
        // A busy machine takes its time to close it.
        Awaitility.await().atMost(PATIENCE).until(() -> silent.connections() <= 1);
      }
      // One that is being closed may still be open while the next one opens.
      assertThat(silent.mostConnections()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void close_endsARunningAttempt() {
    try (StandInServer silent = StandInServer.silent()) {
      Probe probe = engine().open(at(silent.port()).target(), ProbeMode.AWAIT);
      CompletableFuture<ProbeResult> attempt =
          CompletableFuture.supplyAsync(() -> attempt(probe, PATIENCE.multipliedBy(10)));
      Awaitility.await().atMost(PATIENCE).until(() -> silent.connections() > 0);
      probe.close();
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(attempt::isDone);
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> silent.connections() == 0);
    }
  }

  private static ProbeResult attempt(Probe probe, Duration timeout) {
    try {
      return probe.attempt(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void garbage_isTransient() throws InterruptedException {
    try (StandInServer garbage =
        StandInServer.greeting(
            "HTTP/1.1 400 Bad Request\r\n\r\n"
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
      assertThat(probe(at(garbage.port()), SHORT)).isInstanceOf(NotYet.class);
    }
  }

  @Test
  void garbageToTheTlsRequest_isTransient() throws InterruptedException {
    try (StandInServer garbage = StandInServer.answering((byte) 'S', (byte) 'x', (byte) '\n')) {
      Targets tls = at(garbage.port()).tls(Mode.VERIFY_FULL, TestCertificates.get().ca());
      assertThat(probe(tls, SHORT)).isInstanceOf(NotYet.class);
    }
  }

  @Test
  void password_thatIsWrong_isPermanent() throws InterruptedException {
    assertWrong(probe(ready().as(user(), WRONG_PASSWORD)), Reason.CREDENTIALS);
  }

  @Test
  void database_thatDoesNotExist_isPermanent() throws InterruptedException {
    assumeTrue(hasDatabases());
    assertWrong(probe(otherDatabase()), Reason.NO_DATABASE);
  }

  @Test
  void readOnlyServer_isNotReadyAsAPrimary() throws InterruptedException {
    readOnly(true);
    try {
      assertNotYet(probe(ready()), Reason.ROLE);
      assertThat(probe(ready().role(Role.ANY))).isInstanceOf(Ready.class);
    } finally {
      readOnly(false);
    }
    Awaitility.await().atMost(PATIENCE).until(() -> probe(ready()) instanceof Ready);
  }

  @Test
  void watchedServer_thatTurnsReadOnly_isNoticedAndBack() throws InterruptedException {
    try (Probe probe = engine().open(ready().target(), ProbeMode.WATCH)) {
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
      readOnly(true);
      try {
        becomesNotYet(probe, Reason.ROLE);
      } finally {
        readOnly(false);
      }
      becomesReady(probe);
    }
  }

  @Test
  void watchedServer_thatIsKilled_isNoticedAndBack() throws InterruptedException {
    try (Probe probe = engine().open(ready().target(), ProbeMode.WATCH)) {
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
      kill();
      try {
        assertNotYet(probe.attempt(TIMEOUT), Reason.UNREACHABLE, Reason.NO_ANSWER);
        becomesNotYet(probe, Reason.UNREACHABLE);
      } finally {
        start();
      }
      becomesReady(probe);
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
    }
  }

  @Test
  void credentials_thatAreRotatedInTheirFile_takeEffect(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("password"), password());
    Targets targets = ready().as(user(), file);
    try (Probe probe = engine().open(targets.target(), ProbeMode.AWAIT)) {
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
      changePassword("rotated-password");
      try {
        // A connection that was made a moment ago may serve once more.
        Awaitility.await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> !(probe.attempt(TIMEOUT) instanceof Ready));
        assertWrong(probe.attempt(TIMEOUT), Reason.CREDENTIALS);
        Files.writeString(file, "rotated-password\n");
        becomesReady(probe);
      } finally {
        changePassword(password());
      }
    }
  }

  @Test
  void tls_withThePrivateCa_isReady() throws InterruptedException {
    Path ca = TestCertificates.get().ca();
    assertThat(probe(withTls().tls(Mode.VERIFY_FULL, ca))).isInstanceOf(Ready.class);
    assertThat(probe(withTls().tls(Mode.VERIFY_CA, ca))).isInstanceOf(Ready.class);
    assertThat(probe(withTls().tls(Mode.REQUIRE, null))).isInstanceOf(Ready.class);
  }

  @Test
  void tls_withAnotherCa_isRefused() throws InterruptedException {
    assertWrong(
        probe(withTls().tls(Mode.VERIFY_FULL, TestCertificates.get().otherCa())), Reason.TLS);
    assertWrong(probe(withTls().tls(Mode.VERIFY_FULL, null)), Reason.TLS);
  }

  /** Whoever's word it is, the connection is encrypted, and the server proves who it is. */
  @ParameterizedTest
  @CsvSource({
    "ssl, 1",
    "ssl, yes",
    "TLS, True",
    "ssl-mode, verify-identity",
    "SSLMODE, Verify-Full"
  })
  void tls_byAWordOfTheUrl_isVerified(String name, String word) throws InterruptedException {
    TestCertificates certificates = TestCertificates.get();
    Targets targets = withTls().parameters(Map.of(name, word));
    assertThat(probe(targets.tls(Mode.URL, certificates.ca()))).isInstanceOf(Ready.class);
    assertWrong(probe(targets.tls(Mode.URL, certificates.otherCa())), Reason.TLS);
    assertWrong(
        probe(withTlsElsewhere().parameters(Map.of(name, word)).tls(Mode.URL, certificates.ca())),
        Reason.TLS);
  }

  @ParameterizedTest
  @CsvSource({"sslmode, no-verify", "SSLMODE, require", "ssl_mode, REQUIRED", "tls, skip-verify"})
  void tls_byAWordThatDoesNotVerify_isTlsAllTheSame(String name, String word)
      throws InterruptedException {
    assertThat(probe(withTlsElsewhere().parameters(Map.of(name, word)))).isInstanceOf(Ready.class);
    try (StandInServer plain = StandInServer.greeting(new byte[0])) {
      assertThat(probe(at(plain.port()).parameters(Map.of(name, word)), SHORT))
          .isNotInstanceOf(Ready.class);
    }
  }

  @Test
  void tls_forAnotherHost_isRefusedWhereTheNameCounts() throws InterruptedException {
    Path ca = TestCertificates.get().ca();
    assertWrong(probe(withTlsElsewhere().tls(Mode.VERIFY_FULL, ca)), Reason.TLS);
    assertThat(probe(withTlsElsewhere().tls(Mode.VERIFY_CA, ca))).isInstanceOf(Ready.class);
  }

  @Test
  void close_leavesNoThreadAndNoConnection() throws InterruptedException {
    int before = connections();
    for (ProbeMode mode : ProbeMode.values()) {
      Probe probe = engine().open(ready().target(), mode);
      for (int i = 0; i < 5; i++) {
        assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
        // A server takes its time to let go of what an attempt has closed.
        Awaitility.await().atMost(PATIENCE).until(() -> connections() <= before + 2);
      }
      probe.close();
      probe.close();
    }
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> connections() <= before);
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> threads().isEmpty());
  }

  /** Platform threads of this probe; virtual ones are not listed by the JVM. */
  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("probe-app") || name.startsWith("watch-app"))
        .collect(java.util.stream.Collectors.toSet());
  }
}
