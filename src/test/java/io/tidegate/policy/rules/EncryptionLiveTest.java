package io.tidegate.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.TestCertificates;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Targets;
import io.tidegate.target.TlsPolicy.TlsSettings.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a real PostgreSQL tells of its connection where the URL leaves TLS to it, and of its version.
 * The facts come from the server; the rule is shown them with an address that is not this host.
 */
class EncryptionLiveTest {

  @Test
  void a_server_without_tls_is_told_and_one_with_tls_is_clean() {
    TestCertificates files = TestCertificates.get();
    try (PostgresServer plain = PostgresServer.started();
        PostgresServer encrypted = new PostgresServer()) {
      encrypted.withTls(files.server(), files.serverKey()).start();

      assertThat(elsewhere(facts(plain)))
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.evidence()).contains("the server offers none");
          });
      assertThat(elsewhere(facts(encrypted))).isEmpty();

      // Declared off is off, whatever the server offers.
      Targets off = targets(encrypted).tls(Mode.DISABLE, null);
      assertThat(Evaluated.facts(off).get("ssl")).isEqualTo(new Fact.Known("off"));
      Targets on = targets(encrypted).tls(Mode.VERIFY_FULL, files.ca());
      assertThat(Evaluated.facts(on).get("ssl")).isEqualTo(new Fact.Known("on"));
      assertThat(Evaluated.told(EndOfLife.RULE, on.target(), Evaluated.facts(on))).isEmpty();
    }
  }

  private static List<Finding> elsewhere(Facts facts) {
    return Evaluated.told(
        UnencryptedConnection.RULE, Evaluated.at("postgresql", "db.example"), facts);
  }

  private static Facts facts(PostgresServer server) {
    return Evaluated.facts(targets(server));
  }

  private static Targets targets(PostgresServer server) {
    return Targets.at("postgresql", server.port(), "postgres")
        .as(PostgresServer.USER, PostgresServer.PASSWORD);
  }
}
