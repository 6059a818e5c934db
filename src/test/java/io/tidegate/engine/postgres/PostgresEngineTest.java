package io.tidegate.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.engine.jdbc.Limits;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.TestCertificates;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineContract;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Role;
import io.tidegate.target.Targets;
import io.tidegate.target.TlsPolicy.TlsSettings.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresEngineTest extends EngineContract {
  private static final String USER = "app_user";
  private static final String PASSWORD = "app-user-password";

  private static final PostgresServer SERVER = new PostgresServer();
  private static final PostgresServer ELSEWHERE = new PostgresServer();

  @BeforeAll
  static void startServers() {
    TestCertificates certificates = TestCertificates.get();
    SERVER.withTls(certificates.server(), certificates.serverKey()).with("max_connections=12");
    SERVER.start();
    ELSEWHERE.withTls(certificates.elsewhere(), certificates.elsewhereKey()).start();
    for (PostgresServer server : List.of(SERVER, ELSEWHERE)) {
      server.execute("postgres", "CREATE USER app_user PASSWORD '" + PASSWORD + "'");
      server.createDatabase("app");
    }
  }

  @AfterAll
  static void stopServers() {
    SERVER.close();
    ELSEWHERE.close();
  }

  @Override
  protected Engine engine() {
    return new PostgresEngine(new ConnectionHandoff());
  }

  @Override
  protected Targets ready() {
    return at(SERVER.port());
  }

  @Override
  protected Targets at(int port) {
    return Targets.at("postgresql", port, "app").as(USER, PASSWORD);
  }

  @Override
  protected int connections() {
    try (Connection connection = SERVER.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app_user'")) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Targets otherDatabase() {
    return Targets.at("postgresql", SERVER.port(), "not there").as(USER, PASSWORD);
  }

  /** As managed services do when their disk is full. */
  @Override
  protected void readOnly(boolean on) {
    SERVER.execute(
        "postgres", "ALTER SYSTEM SET default_transaction_read_only = " + (on ? "on" : "off"));
    SERVER.execute("postgres", "SELECT pg_reload_conf()");
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> (on ? "on" : "off").equals(readOnlySetting()));
  }

  private static String readOnlySetting() throws SQLException {
    try (Connection connection = SERVER.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW default_transaction_read_only")) {
      row.next();
      return row.getString(1);
    }
  }

  @Override
  protected void changePassword(String password) {
    SERVER.execute("postgres", "ALTER USER app_user PASSWORD '" + password + "'");
  }

  @Override
  protected String user() {
    return USER;
  }

  @Override
  protected String password() {
    return PASSWORD;
  }

  @Override
  protected void kill() {
    SERVER.kill();
  }

  @Override
  protected void start() {
    SERVER.start();
  }

  @Override
  protected Targets withTls() {
    return ready();
  }

  @Override
  protected Targets withTlsElsewhere() {
    return at(ELSEWHERE.port());
  }

  @ParameterizedTest
  @CsvSource({
    "SSLMODE, require, true",
    "sslmode, no-verify, true",
    "ssl, require, true",
    "requiressl, 1, true",
    "sslmode, prefer, true",
    "application_name, none-is-asked-for, true",
    "ssl, 0, false",
    "sslMode, disable, false"
  })
  void tlsOfTheUrl_isThatOfTheSession(String name, String word, boolean encrypted)
      throws Exception {
    Targets targets = ready().parameters(Map.of(name, word));
    try (Connection connection =
            PostgresConnector.open(targets.target(), new Limits(TIMEOUT, TIMEOUT, "test"));
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
      row.next();
      assertThat(row.getBoolean(1)).isEqualTo(encrypted);
    }
  }

  /** As libpq has it: a root certificate is there to be checked against. */
  @Test
  void requiredTls_isVerifiedByTheRootCertificateOfTheUrl() throws InterruptedException {
    TestCertificates files = TestCertificates.get();
    Map<String, String> own = Map.of("sslmode", "require", "sslrootcert", files.ca().toString());
    Map<String, String> other =
        Map.of("sslmode", "require", "sslrootcert", files.otherCa().toString());
    assertThat(probe(withTlsElsewhere().parameters(own))).isInstanceOf(Ready.class);
    assertWrong(probe(withTls().parameters(other)), Reason.TLS);
  }

  /** What Prisma calls the certificate is the server's CA. */
  @Test
  void certificateOfPrisma_isTheCa() throws InterruptedException {
    TestCertificates files = TestCertificates.get();
    Map<String, String> own = Map.of("sslaccept", "strict", "sslcert", files.ca().toString());
    Map<String, String> other =
        Map.of("sslaccept", "strict", "sslcert", files.otherCa().toString());
    assertThat(probe(withTls().parameters(own))).isInstanceOf(Ready.class);
    assertWrong(probe(withTls().parameters(other)), Reason.TLS);
    assertWrong(probe(withTlsElsewhere().parameters(own)), Reason.TLS);
  }

  @Test
  void standby_isReadyOnlyWhereAnyRoleWillDo() throws IOException, InterruptedException {
    try (PostgresServer standby = new PostgresServer()) {
      Files.createFile(standby.data().resolve("standby.signal"));
      standby.start();
      Targets targets =
          Targets.at("postgresql", standby.port(), "postgres")
              .as(PostgresServer.USER, PostgresServer.PASSWORD);
      assertNotYet(probe(targets), Reason.ROLE);
      assertThat(probe(targets.role(Role.ANY))).isInstanceOf(Ready.class);
    }
  }

  @Test
  void recovery_thatTakesNoConnections_isStarting() throws IOException, InterruptedException {
    try (PostgresServer recovering = new PostgresServer()) {
      Files.createFile(recovering.data().resolve("standby.signal"));
      recovering.with("hot_standby=off").startWithoutWaiting();
      Targets targets =
          Targets.at("postgresql", recovering.port(), "postgres")
              .as(PostgresServer.USER, PostgresServer.PASSWORD);
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() -> assertNotYet(probe(targets), Reason.STARTING));
    }
  }

  @Test
  void tooManyConnections_areWaitedFor() throws Exception {
    assertNotYet(
        whenFull(
            ready(),
            () -> {
              try {
                return DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:%d/app".formatted(SERVER.port()), USER, PASSWORD);
              } catch (SQLException full) {
                assertThat(full.getSQLState()).as(full.getMessage()).isEqualTo("53300");
                return null;
              }
            }),
        Reason.OVERLOADED);
  }

  @Test
  void serverWithoutTls_isRefusedWhereTlsIsAsked() throws InterruptedException {
    try (PostgresServer plain = PostgresServer.started()) {
      Targets targets =
          Targets.at("postgresql", plain.port(), "postgres")
              .as(PostgresServer.USER, PostgresServer.PASSWORD);
      assertWrong(probe(targets.tls(Mode.REQUIRE, null)), Reason.TLS);
      assertThat(probe(targets)).isInstanceOf(Ready.class);
    }
  }

  /** The watch's connection is renewed after half a minute, which tests that new ones are accepted. */
  @Test
  void watchedServer_thatTakesANewPassword_isNoticedAndBackWithTheFile(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("password"), password());
    Target target = ready().as(user(), file).target();
    try (Probe probe = engine().open(target, ProbeMode.WATCH)) {
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class); // From here on one is kept.
      changePassword("rotated-password");
      try {
        assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
        Awaitility.await()
            .atMost(Duration.ofMinutes(2))
            .pollInterval(Duration.ofSeconds(1))
            .untilAsserted(() -> assertWrong(probe.attempt(TIMEOUT), Reason.CREDENTIALS));
        Files.writeString(file, "rotated-password\n");
        assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
      } finally {
        changePassword(password());
      }
    }
  }

  @Test
  void readinessQuery_mustGiveARow() throws InterruptedException {
    assertNotYet(probe(ready().query("SELECT 1 WHERE false")), Reason.QUERY);
    assertNotYet(probe(ready().query("SELECT 1 FROM not_there")), Reason.QUERY);
    assertThat(probe(ready().query("SELECT 1"))).isInstanceOf(Ready.class);
  }

  @Test
  void facts_areTold() throws InterruptedException {
    Facts facts = engine().facts(ready().target(), TIMEOUT);
    assertThat(facts.get("fsync")).isEqualTo(new Fact.Known("off"));
    assertThat(facts.get("full_page_writes")).isEqualTo(new Fact.Known("on"));
    assertThat(facts.get("superuser")).isEqualTo(new Fact.Known("off"));
    assertThat(facts.get("in_recovery")).isEqualTo(new Fact.Known("off"));
    assertThat(facts.byName()).containsKeys("version", "synchronous_commit", "ssl");
  }

  @Test
  void parameters_thatNameClassesOrFiles_areDropped() throws InterruptedException {
    Map<String, String> dangerous =
        Map.of(
            "socketFactory", "java.lang.Object",
            "sslfactory", "java.lang.Object",
            "loggerFile", "/tmp/should-not-be-written",
            "sslhostnameverifier", "java.lang.Object",
            "authenticationPluginClassName", "java.lang.Object",
            "connect_timeout", "1",
            "application_name", "app",
            "target_session_attrs", "read-write");
    assertThat(probe(ready().parameters(dangerous))).isInstanceOf(Ready.class);
  }
}
