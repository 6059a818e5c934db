package io.tidegate.secret;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RedactorTest {

  /** The password of many a first try. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ready: db (postgresql://127.0.0.1:5432/app) | ready: db (postgresql://127.0.0.1:5432/app)",
        "postgres://h/app | postgres://h/app",
        "the rule postgres-fsync | the rule postgres-fsync",
        "engine postgresql | engine postgresql",
        "postgresql://postgres:postgres@h/app | postgresql://***:***@h/app",
        "it is postgres. | it is ***.",
        "xpostgres://h | x***://h",
        "mypostgresql | my***ql",
      })
  void passwordThatIsAPublicWord_isMaskedWhereItMayBeOne(String text, String redacted) {
    Secret.of("postgres");
    assertThat(Redactor.redact(text)).isEqualTo(redacted);
  }

  @Test
  void passwordBesideAPublicWord_isMasked() {
    Secret.of("hunter2-of-mine");
    assertThat(Redactor.redact("postgres-hunter2-of-mine redis://hunter2-of-mine"))
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PGPASSWORD | `PGPASSWORD`: no host is declared. Set PGHOST.",
        "PGHOST, PGPASSWORD | `PGHOST, PGPASSWORD`: no host is declared. Set PGHOST.",
        "PGHOST | PGHOST: no host is declared. Set PGHOST.",
      })
  void problemWithAPassword_isToldWhole(String where, String line) {
    Problem problem = new Problem(ExitCode.REFUSED, "no host is declared", where, "Set PGHOST");
    assertThat(Redactor.redact(problem.line())).isEqualTo(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Access denied for user (using password: YES) | Access denied for user (using password: YES)",
        "(using password: NO) | (using password: NO)",
        "password: secret-one | password: ***",
        "password=YES123 | password=***",
      })
  void wordWhetherThereWasAPassword_isNone(String text, String redacted) {
    assertThat(Redactor.redact(text)).isEqualTo(redacted);
  }
}
