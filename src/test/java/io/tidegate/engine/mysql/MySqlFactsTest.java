package io.tidegate.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Grants in the words of servers that no test here runs.
 *
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/show-grants.html">MySQL: SHOW GRANTS</a>
 */
class MySqlFactsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GRANT SELECT, RELOAD, PROCESS, SUPER, CREATE USER ON *.* TO `root`@`%` WITH GRANT OPTION |"
            + " SUPER",
        "GRANT ALL PRIVILEGES ON *.* TO 'root'@'localhost' IDENTIFIED BY PASSWORD '*0' | ALL PRIVILEGES",
      })
  void whatIsGrantedOnEverything_isRead(String grant, String privilege) {
    assertThat(MySqlFacts.superuser(List.of("GRANT USAGE ON *.* TO `a`@`%`", grant)))
        .isEqualTo(privilege);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GRANT USAGE ON *.* TO `app`@`%`",
        "GRANT ALL PRIVILEGES ON `app`.* TO `app`@`%`",
        "GRANT SYSTEM_VARIABLES_ADMIN,XA_RECOVER_ADMIN ON *.* TO `app`@`%`",
        "GRANT `SUPER`@`%` TO `app`@`%`",
        "GRANT PROXY ON ``@`` TO `root`@`localhost` WITH GRANT OPTION",
      })
  void whatIsLess_isNot(String grant) {
    assertThat(MySqlFacts.superuser(List.of(grant))).isEmpty();
  }

  @Test
  void noGrantAtAll_isNone() {
    assertThat(MySqlFacts.superuser(List.of())).isEmpty();
  }
}
