package io.tidegate.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.engine.jdbc.Limits;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.StandInServer;
import io.tidegate.servers.TestCertificates;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineContract;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.Reason;
import io.tidegate.target.Targets;
import io.tidegate.target.TlsPolicy.TlsSettings;
import io.tidegate.target.TlsPolicy.TlsSettings.Mode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MySqlEngineTest extends EngineContract {
  private static final String USER = "app_user";
  private static final String PASSWORD = "app-user-password";

  private static final MariaDbServer SERVER = new MariaDbServer();
  private static final MariaDbServer ELSEWHERE = new MariaDbServer();

  @BeforeAll
  static void startServers() {
    TestCertificates certificates = TestCertificates.get();
    SERVER
        .withTls(certificates.server(), certificates.serverKey(), certificates.ca())
        .with("--max-connections=10");
    SERVER.start();
    ELSEWHERE
        .withTls(certificates.elsewhere(), certificates.elsewhereKey(), certificates.ca())
        .start();
    for (MariaDbServer server : List.of(SERVER, ELSEWHERE)) {
      server.createDatabase("app");
      server.execute("", "CREATE USER app_user@'%' IDENTIFIED BY '" + PASSWORD + "'");
      server.execute("", "GRANT ALL ON *.* TO app_user@'%'");
      server.execute(
          "", "REVOKE SUPER, READ_ONLY ADMIN, CONNECTION ADMIN ON *.* FROM app_user@'%'");
    }
    SERVER.execute("", "CREATE USER with_certificate@'%' REQUIRE X509");
    SERVER.execute("", "CREATE USER without_rights@'%'");
  }

  @AfterAll
  static void stopServers() {
    SERVER.close();
    ELSEWHERE.close();
  }

  @Override
  protected Engine engine() {
    return new MySqlEngine(new ConnectionHandoff());
  }

  @Override
  protected Targets ready() {
    return at(SERVER.port());
  }

  @Override
  protected Targets at(int port) {
    return Targets.at("mariadb", port, "app").as(USER, PASSWORD);
  }

  @Override
  protected int connections() {
    try (Connection connection = SERVER.connect("");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM information_schema.processlist WHERE user = 'app_user'")) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Targets otherDatabase() {
    return Targets.at("mysql", SERVER.port(), "not there").as(USER, PASSWORD);
  }

  @Override
  protected void readOnly(boolean on) {
    SERVER.execute("", "SET GLOBAL read_only = " + (on ? 1 : 0));
  }

  @Override
  protected void changePassword(String password) {
    SERVER.execute("", "ALTER USER app_user@'%' IDENTIFIED BY '" + password + "'");
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

  @Test
  void clientCertificate_isShown() throws InterruptedException {
    TestCertificates certificates = TestCertificates.get();
    Targets targets = Targets.at("mysql", SERVER.port(), "").as("with_certificate", "");
    assertThat(
            probe(
                targets.tls(
                    new TlsSettings(
                        Mode.VERIFY_FULL,
                        certificates.ca(),
                        certificates.client(),
                        certificates.clientKey()))))
        .isInstanceOf(Ready.class);
    assertWrong(probe(targets.tls(Mode.VERIFY_FULL, certificates.ca())), Reason.CREDENTIALS);
  }

  /** In the words of Rails and of PyMySQL, which has no CA here and so checks none. */
  @Test
  void clientCertificate_ofTheUrl_isShown() throws InterruptedException {
    TestCertificates files = TestCertificates.get();
    Targets targets = Targets.at("mysql", SERVER.port(), "").as("with_certificate", "");
    String certificate = files.client().toString();
    String key = files.clientKey().toString();
    String ca = files.ca().toString();
    String otherCa = files.otherCa().toString();
    assertThat(
            probe(targets.parameters(Map.of("sslcert", certificate, "sslkey", key, "sslca", ca))))
        .isInstanceOf(Ready.class);
    assertWrong(
        probe(targets.parameters(Map.of("sslcert", certificate, "sslkey", key, "sslca", otherCa))),
        Reason.TLS);
    assertThat(probe(targets.parameters(Map.of("ssl_cert", certificate, "ssl_key", key))))
        .isInstanceOf(Ready.class);
  }

  @Test
  void serverCertificate_isVerifiedWhereTheUrlAsksForIt() throws InterruptedException {
    TestCertificates files = TestCertificates.get();
    Map<String, String> word = Map.of("ssl-verify-server-cert", "1");
    assertThat(probe(withTls().parameters(word).tls(Mode.URL, files.ca())))
        .isInstanceOf(Ready.class);
    assertWrong(probe(withTlsElsewhere().parameters(word).tls(Mode.URL, files.ca())), Reason.TLS);
  }

  @Test
  void missingDatabase_isNotMade_andThatIsSaid() throws InterruptedException {
    assertThat(probe(otherDatabase().parameters(Map.of("createDatabaseIfNotExist", "true"))))
        .asString()
        .contains("no such database", "createDatabaseIfNotExist");
  }

  /** The driver has no such mode: TLS is asked for first, and only a server that has none is spared. */
  @ParameterizedTest
  @ValueSource(strings = {"PREFERRED", "prefer"})
  void preferredTls_isTlsWhereTheServerHasIt(String word) throws Exception {
    Targets preferred = ready().parameters(Map.of("sslMode", word));
    assertThat(cipher(preferred)).isNotEmpty();
    try (MariaDbServer plain = new MariaDbServer().with("--skip-ssl")) {
      plain.start();
      Targets there =
          Targets.at("mysql", plain.port(), "").as("root", "").parameters(Map.of("sslMode", word));
      assertThat(probe(there)).isInstanceOf(Ready.class);
      assertThat(cipher(there)).isEmpty();
      assertThat(engine().facts(there.target(), TIMEOUT).get("have_ssl"))
          .isEqualTo(new Fact.Known("DISABLED"));
      for (String insisting : List.of("REQUIRED", "no-verify", "verify-ca")) {
        Targets refused = there.parameters(Map.of("ssl-mode", insisting));
        assertWrong(probe(refused), Reason.TLS);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"requireSSL, true", "SSLMODE, require", "ssl, no-verify", "tls, skip-verify"})
  void tlsOfTheUrl_isThatOfTheSession(String name, String word) throws Exception {
    assertThat(cipher(ready().parameters(Map.of(name, word)))).isNotEmpty();
    assertThat(cipher(ready())).as("none is asked for").isEmpty();
  }

  private static String cipher(Targets targets) throws SQLException {
    try (Connection connection =
            MySqlConnector.open(targets.target(), new Limits(TIMEOUT, TIMEOUT, "test"));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW SESSION STATUS LIKE 'Ssl_cipher'")) {
      row.next();
      return row.getString(2);
    }
  }

  @Test
  void database_withoutRights_isPermanent() throws InterruptedException {
    assertWrong(
        probe(Targets.at("mysql", SERVER.port(), "app").as("without_rights", "")), Reason.RIGHTS);
  }

  @Test
  void tooManyConnections_areWaitedFor() throws Exception {
    assertNotYet(
        whenFull(
            ready(),
            () -> {
              try {
                return DriverManager.getConnection(
                    "jdbc:mariadb://127.0.0.1:%d/app".formatted(SERVER.port()), USER, PASSWORD);
              } catch (SQLException full) {
                assertThat(full.getMessage()).contains("Too many connections");
                return null;
              }
            }),
        Reason.OVERLOADED);
  }

  /** At the wire, since a server blocks a host only after a look-up of its name, which is off here. */
  @Test
  void blockedHost_isPermanentAndToldWhatToDo() throws InterruptedException {
    String message = "Host '127.0.0.1' is blocked because of many connection errors";
    try (StandInServer server = StandInServer.greeting(error(1129, message))) {
      assertWrong(probe(at(server.port())), Reason.OVERLOADED);
    }
  }

  /** An error packet in the place of a greeting: it has no SQL state. */
  private static byte[] error(int code, String message) {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    byte[] text = message.getBytes(StandardCharsets.US_ASCII);
    packet.write(text.length + 3);
    packet.write(0);
    packet.write(0);
    packet.write(0);
    packet.write(0xff);
    packet.write(code & 0xff);
    packet.write(code >> 8);
    packet.writeBytes(text);
    return packet.toByteArray();
  }

  @Test
  void readinessQuery_mustGiveARow() throws InterruptedException {
    assertNotYet(probe(ready().query("SELECT 1 FROM DUAL WHERE 1 = 0")), Reason.QUERY);
    assertThat(probe(ready().query("SELECT 1"))).isInstanceOf(Ready.class);
  }

  @Test
  void facts_areTold() throws InterruptedException {
    Facts facts = engine().facts(ready().target(), TIMEOUT);
    assertThat(facts.get("innodb_flush_log_at_trx_commit")).isEqualTo(new Fact.Known("0"));
    assertThat(facts.get("read_only")).isEqualTo(new Fact.Known("OFF"));
    assertThat(facts.get("super_read_only")).isInstanceOf(Fact.Unknown.class);
  }

  @Test
  void facts_takeThreeQueries() throws Exception {
    List<String> queries = new ArrayList<>();
    try (Connection connection = SERVER.connect("");
        Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL log_output = 'TABLE', GLOBAL general_log = 1");
      engine().facts(ready().target(), TIMEOUT);
      statement.execute("SET GLOBAL general_log = 0");
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT argument FROM mysql.general_log WHERE command_type IN ('Query', 'Execute')"
                  + " AND thread_id <> connection_id()")) {
        while (rows.next()) {
          queries.add(rows.getString(1));
        }
      }
    }
    assertThat(queries).hasSize(4).first().asString().as("the driver's own").startsWith("set ");
  }

  @Test
  void parameters_thatAreDangerous_areDropped() {
    Map<String, String> dangerous =
        Map.of(
            "allowLocalInfile", "true",
            "autoDeserialize", "true",
            "initSql", "DROP TABLE t",
            "socketFactory", "java.lang.Object",
            "allowMultiQueries", "true",
            "connect_timeout", "1");
    var properties =
        MySqlParameters.of(
            ready().parameters(dangerous).target(), new Limits(TIMEOUT, TIMEOUT, "test"));
    assertThat(properties)
        .containsEntry("allowLocalInfile", "false")
        .doesNotContainKeys(
            "autoDeserialize", "initSql", "socketFactory", "allowMultiQueries", "connect_timeout");
  }
}
