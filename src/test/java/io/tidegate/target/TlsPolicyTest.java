package io.tidegate.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.TlsPolicy.Level;
import io.tidegate.target.TlsPolicy.TlsSettings;
import io.tidegate.target.TlsPolicy.TlsSettings.Mode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One decision a target about TLS, whatever driver's words its URL has. */
class TlsPolicyTest {

  @ParameterizedTest
  @CsvSource({
    "postgresql, '', IF_OFFERED",
    "postgresql, sslmode=disable, NONE",
    "postgresql, sslmode=allow, IF_OFFERED",
    "postgresql, sslmode=prefer, IF_OFFERED",
    "postgresql, sslmode=require, ENCRYPTED",
    "postgresql, SSLMODE=require, ENCRYPTED",
    "postgresql, SslMode=REQUIRE, ENCRYPTED",
    "postgresql, sslmode=no-verify, ENCRYPTED",
    "postgresql, ssl=no-verify, ENCRYPTED",
    "postgresql, sslmode=verify-ca, VERIFY_CA",
    "postgresql, sslmode=Verify-Full, VERIFY_FULL",
    "postgresql, ssl-mode=verify-identity, VERIFY_FULL",
    "postgresql, ssl=1, VERIFY_FULL",
    "postgresql, ssl=yes, VERIFY_FULL",
    "postgresql, ssl=on, VERIFY_FULL",
    "postgresql, SSL=True, VERIFY_FULL",
    "postgresql, ssl, VERIFY_FULL",
    "postgresql, ssl=0, NONE",
    "postgresql, ssl=require, ENCRYPTED",
    "postgresql, ssl=true&sslmode=require, ENCRYPTED",
    "postgresql, sslmode=require&sslaccept=strict, VERIFY_FULL",
    "postgresql, sslmode=require&sslaccept=accept_invalid_certs, ENCRYPTED",
    "postgresql, requiressl=1, ENCRYPTED",
    "postgresql, sslrootcert=system, VERIFY_FULL",
    "postgresql, sslcert=/c&sslkey=/k, IF_OFFERED",
    "postgresql, sslmode=require&sslrootcert=/ca.pem, VERIFY_CA",
    "postgresql, ssl=require&sslrootcert=/ca.pem, VERIFY_CA",
    "postgresql, sslmode=no-verify&sslrootcert=/ca.pem, ENCRYPTED",
    "postgresql, sslmode=prefer&sslrootcert=/ca.pem, IF_OFFERED",
    "postgresql, sslmode=require&sslrootcert=, ENCRYPTED",
    "postgresql, sslmode=require&sslcert=/c&sslkey=/k, ENCRYPTED",
    "postgresql, sslcert=/ca.pem&sslaccept=strict, VERIFY_FULL",
    "postgresql, sslmode=require&sslcert=/ca.pem&sslaccept=accept_invalid_certs, ENCRYPTED",
    "mysql, '', NONE",
    "mysql, ssl_cert=/c&ssl_key=/k, ENCRYPTED",
    "mysql, ssl_cert=/c&ssl_key=/k&ssl_verify_identity=true, VERIFY_FULL",
    "mysql, sslcert=/c&sslkey=/k, ENCRYPTED",
    "mysql, sslcert=/c&sslkey=/k&sslca=/ca.pem, VERIFY_CA",
    "mysql, sslcert=/ca.pem, VERIFY_CA",
    "mysql, useSSL=false&ssl_cert=/c&ssl_key=/k, NONE",
    "mysql, ssl-verify-server-cert=1, VERIFY_FULL",
    "mysql, ssl-verify-server-cert=0, NONE",
    "mysql, sslMode=required&ssl-verify-server-cert=1, VERIFY_FULL",
    "mysql, sslverify=true, VERIFY_FULL",
    "mysql, useSSL=true, VERIFY_FULL",
    "mysql, USESSL=TRUE, VERIFY_FULL",
    "mysql, useSSL=yes, VERIFY_FULL",
    "mysql, useSSL=false, NONE",
    "mysql, requireSSL=true, ENCRYPTED",
    "mysql, useSSL=true&requireSSL=true, ENCRYPTED",
    "mysql, useSSL=true&verifyServerCertificate=false, ENCRYPTED",
    "mysql, useSSL=true&requireSSL=true&verifyServerCertificate=true, VERIFY_CA",
    "mysql, sslMode=VERIFY_IDENTITY, VERIFY_FULL",
    "mysql, ssl-mode=verify-identity, VERIFY_FULL",
    "mysql, ssl_mode=VERIFY_CA, VERIFY_CA",
    "mysql, ssl-mode=REQUIRED, ENCRYPTED",
    "mysql, sslMode=PREFERRED, IF_OFFERED",
    "mysql, tls=skip-verify, ENCRYPTED",
    "mysql, tls=preferred, IF_OFFERED",
    "mysql, ssl_disabled=true, NONE",
    "mysql, ssl_ca=/ca.pem, VERIFY_CA",
    "mysql, ssl_ca=/ca.pem&ssl_verify_identity=true, VERIFY_FULL",
    "mysql, sslaccept=strict, VERIFY_FULL",
    "mysql, ssl={\"rejectUnauthorized\":true}, VERIFY_FULL",
    "mysql, ssl={\"rejectUnauthorized\": false}, ENCRYPTED",
    "mariadb, useSsl=1, VERIFY_FULL",
    "mariadb, sslMode=trust, ENCRYPTED",
    "mariadb, sslMode=verify-full&disableSslHostnameVerification=true, VERIFY_CA",
    "mariadb, useSsl=true&trustServerCertificate=true, ENCRYPTED",
    "mongodb, '', NONE",
    "mongodb, tls=1, VERIFY_FULL",
    "mongodb, TLS=Yes, VERIFY_FULL",
    "mongodb, ssl=true, VERIFY_FULL",
    "mongodb, sslmode=require, ENCRYPTED",
    "mongodb, tls=true&tlsInsecure=true, ENCRYPTED",
    "mongodb, tls=true&tlsAllowInvalidCertificates=true, ENCRYPTED",
    "mongodb, tls=true&tlsAllowInvalidHostnames=true, VERIFY_CA",
    "mongodb, tlsCAFile=/ca.pem, VERIFY_FULL",
    "mongodb, tlsCertificateKeyFile=/c.pem, VERIFY_FULL",
    "mongodb, tlsCAFile=/ca.pem&tlsAllowInvalidHostnames=true, VERIFY_CA",
    "mongodb, tls=false&tlsCAFile=/ca.pem, NONE",
    "mongodb+srv, '', VERIFY_FULL",
    "mongodb+srv, tls=false, NONE",
    "redis, '', NONE",
    "redis, ssl=true, VERIFY_FULL",
    "redis, TLS=1, VERIFY_FULL",
    "redis, ssl_cert_reqs=required, NONE",
    "rediss, '', VERIFY_FULL",
    "rediss, ssl=true, VERIFY_FULL",
    "rediss, ssl_cert_reqs=none, ENCRYPTED",
    "rediss, ssl_cert_reqs=CERT_NONE, ENCRYPTED",
    "rediss, verifyPeer=CA, VERIFY_CA",
    "rediss, ssl_check_hostname=false, VERIFY_CA",
    "rediss-sentinel, '', VERIFY_FULL",
    "valkeys, '', VERIFY_FULL",
    "mysql, ssl_require=false, NONE",
    "postgresql, sslmode=require&ssl_require=true, ENCRYPTED",
    "rediss, rejectUnauthorized=false, VERIFY_FULL",
    "mysql, tlsVersions=TLSv1.3&sslCipher=x, NONE",
  })
  void words_of_any_driver_in_any_case_are_obeyed(String scheme, String query, Level level) {
    assertThat(policy(scheme, query).level()).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql, sslmode=required-ish, sslmode",
    "postgresql, sslmode=, sslmode",
    "postgresql, ssl=maybe, ssl",
    "postgresql, sslmod=require, sslmode",
    "postgresql, ssslmode=require, sslmode",
    "postgresql, requiressl=perhaps, requiressl",
    "mysql, tls=custom-config, tls",
    "mysql, ssl_ca=, ssl_ca",
    "mysql, ssl_cert=&ssl_key=, ssl_cert",
    "mongodb, tlsCAFile=, tlscafile",
    "mysql, useSSL=verify, usessl",
    "mysql, useSLL=true, usessl",
    "mysql, ssl=Amazon RDS, ssl",
    "mysql, sslaccept=lenient&useSSL=true, sslaccept",
    "mongodb, tls=enabled, tls",
    "rediss, ssl_cert_reqs=never, ssl_cert_reqs",
    "rediss, verifyPeer=sometimes, verifypeer",
    "mysql, ssl_require=True, looks as if it asked for TLS",
    "mysql, tls_required=1, looks as if it asked for TLS",
    "mariadb, ssl-verify=true, looks as if it asked for TLS",
    "postgresql, ssl[rejectUnauthorized]=true, looks as if it asked for TLS",
    "redis, rejectUnauthorized=true, looks as if it asked for TLS",
    "mongodb, forceSsl=true, looks as if it asked for TLS",
  })
  void unknown_word_is_refused_with_78_and_never_means_plain_text(
      String scheme, String query, String parameter) {
    ProblemException refused = refused(scheme, query);
    assertThat(refused.exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.getMessage()).contains("APP_URL", parameter);
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql, sslmode=disable&ssl=true",
    "postgresql, ssl=false&sslmode=verify-full",
    "postgresql, sslmode=require&SSLMODE=disable",
    "postgresql, sslmode=require&ssl-mode=verify-full",
    "mysql, useSSL=false&requireSSL=true",
    "rediss, ssl=false",
    "rediss-cluster, tls=0",
    "mongodb, tls=true&ssl=false",
  })
  void contradiction_is_refused(String scheme, String query) {
    assertThat(refused(scheme, query).exit()).isEqualTo(ExitCode.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mongodb", "redis"})
  void preferred_tls_is_refused_where_it_cannot_be(String scheme) {
    assertThat(refused(scheme, "tls=preferred").getMessage()).contains("leaves it to the server");
  }

  @Test
  void system_cas_prove_the_host_or_nothing() {
    assertThat(refused("postgresql", "sslrootcert=system&sslmode=require").getMessage())
        .contains("sslmode=verify-full");
  }

  @Test
  void value_is_never_quoted() {
    assertThat(refused("postgresql", "sslmode=CANARY").getMessage())
        .doesNotContainIgnoringCase("canary");
    assertThat(refused("postgresql", "sslmodeX=CANARY").getMessage())
        .doesNotContainIgnoringCase("canary");
  }

  @Test
  void declared_mode_outweighs_any_word_of_the_url() {
    ServiceUrl url = url("postgresql", "sslmode=CANARY");
    for (Mode mode : List.of(Mode.DISABLE, Mode.REQUIRE, Mode.VERIFY_CA, Mode.VERIFY_FULL)) {
      TlsPolicy policy = TlsPolicy.of(url, new TlsSettings(mode, null, null, null), "APP_URL");
      assertThat(policy.level().insists()).isEqualTo(mode != Mode.DISABLE);
    }
  }

  @Test
  void declared_ca_file_is_checked_against_where_the_url_says_nothing() {
    TlsSettings file = new TlsSettings(Mode.URL, Path.of("/ca.pem"), null, null);
    assertThat(TlsPolicy.of(url("mysql", ""), file, "APP_URL").level()).isEqualTo(Level.VERIFY_CA);
    assertThat(TlsPolicy.of(url("postgresql", ""), file, "APP_URL").level())
        .isEqualTo(Level.VERIFY_CA);
  }

  private static TlsPolicy policy(String scheme, String query) {
    return TlsPolicy.of(url(scheme, query), TlsSettings.FROM_URL, "APP_URL");
  }

  private static ProblemException refused(String scheme, String query) {
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> policy(scheme, query));
    assertThat(refused).as("%s?%s is refused", scheme, query).isNotNull();
    return refused;
  }

  private static ServiceUrl url(String scheme, String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String one : query.isEmpty() ? new String[0] : query.split("&")) {
      int equals = one.indexOf('=');
      parameters.put(
          equals < 0 ? one : one.substring(0, equals), equals < 0 ? "" : one.substring(equals + 1));
    }
    return new ServiceUrl(scheme, List.of(new HostPort("db.example", 1)), "app", parameters);
  }
}
