package io.tidegate.policy.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tidegate.policy.sqlite.SqliteDetector.Detection;
import io.tidegate.policy.sqlite.SqliteDetector.Detection.Certainty;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables under {@code sqlite/} are from the documentation of the frameworks they name. */
class SqliteDetectorTest {

  @ParameterizedTest
  @MethodSource
  void sure(String line) {
    assertThat(find(line))
        .isPresent()
        .get()
        .extracting(Detection::certainty)
        .isEqualTo(Certainty.SURE);
  }

  static Stream<String> sure() throws IOException {
    return table("sure");
  }

  @ParameterizedTest
  @MethodSource
  void ambiguous(String line) {
    assertThat(find(line))
        .isPresent()
        .get()
        .extracting(Detection::certainty)
        .isEqualTo(Certainty.AMBIGUOUS);
    assertThat(find(line).orElseThrow().note()).isNotEmpty();
  }

  static Stream<String> ambiguous() throws IOException {
    return table("ambiguous");
  }

  @ParameterizedTest
  @MethodSource
  void none(String line) {
    assertThat(find(line)).isEmpty();
  }

  static Stream<String> none() throws IOException {
    return table("none");
  }

  @Test
  void a_file_beside_a_libsql_server_may_be_its_replica() {
    var seen =
        SqliteDetector.detectAll(
            Map.of(
                "DATABASE_URL", "file:local.db",
                "SYNC_URL", "libsql://app-org.turso.io",
                "DB_CONNECTION", "sqlite"));

    assertThat(seen).containsOnlyKeys("DATABASE_URL", "DB_CONNECTION");
    assertThat(seen.get("DATABASE_URL"))
        .extracting(Detection::certainty)
        .isEqualTo(Certainty.AMBIGUOUS);
    assertThat(seen.get("DB_CONNECTION"))
        .extracting(Detection::certainty)
        .isEqualTo(Certainty.SURE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DATABASE_URL=sqlite+pysqlcipher://:canary@/data/app.db",
        "DATABASE_URL=sqlite+pysqlcipher://:can/canary@/data/app.db",
        "DATABASE_URL=sqlite:///app.db?key=canary",
        "DATABASE_URL=jdbc:sqlite:app.db?password=canary",
        "DATABASE_URL=file:app.db?_auth&_auth_user=admin&_auth_pass=canary",
        "DATABASE_URL=Data Source=app.db;Password=canary",
        "DATABASE_URL={\"client\":\"sqlite3\",\"connection\":{\"password\":\"canary\"}}",
        "JAVA_OPTS=-Dpassword=canary -Durl=jdbc:sqlite:app.db -Dtoken=canary"
      })
  void what_is_shown_holds_no_secret(String line) {
    assertThat(find(line).orElseThrow().describe()).doesNotContain("canary").isNotBlank();
  }

  @Test
  void what_is_shown_is_bounded() {
    String path = "sqlite:///" + "x".repeat(10_000) + ".db";
    assertThat(SqliteDetector.detect("DATABASE_URL", path).orElseThrow().text()).hasSize(123);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sqlite:",
        "sqlite+a",
        "jdbc:",
        "jdbc:a:",
        "a",
        ".db",
        "file:?&",
        "Data Source=;",
        "type=",
        "\"client\" :",
        "aSQLiteDialec ",
        "Driver = {",
        "://@",
        " ",
        "\n",
        "a.sqlite",
        "::"
      })
  void a_huge_value_costs_little(String piece) {
    String huge = piece.repeat((1 << 20) / piece.length());
    Assertions.assertTimeout(
        Duration.ofMinutes(1), () -> SqliteDetector.detect("DATABASE_URL", huge));
  }

  @Test
  void strange_names_and_values_are_no_failure() {
    for (String strange :
        new String[] {"", "=", "\"", "''", "\u0000", "\ud800", "file:", ":", "?"}) {
      assertThatCode(() -> SqliteDetector.detect(strange, strange)).doesNotThrowAnyException();
    }
  }

  private static Optional<Detection> find(String line) {
    int equals = line.indexOf('=');
    return SqliteDetector.detect(line.substring(0, equals), line.substring(equals + 1));
  }

  private static Stream<String> table(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            SqliteDetectorTest.class.getResourceAsStream("/sqlite/" + name + ".env"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank());
    }
  }
}
