package io.tidegate.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.sql.RiskSuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.servers.MariaDbServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MySqlRiskTest extends RiskSuite {
  private static final MariaDbServer SERVER = new MariaDbServer();

  @RegisterExtension static final MySqlDatabases DATABASES = new MySqlDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @Override
  protected boolean rollsBackSchema() {
    return false;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ALTER TABLE `users` DROP `name` | drop-column users.name
          TRUNCATE TABLE users | truncate users
          UPDATE users SET name = 'it\\'s' | update-all users
          RENAME TABLE users TO people | rename-table users
          ALTER TABLE users CHANGE name label varchar(50) | rename-column users.name
          ALTER TABLE users MODIFY name varchar(10) | narrow-type users.name, rewrite-table users.name
          ALTER TABLE users MODIFY id bigint | rewrite-table users.id
          ALTER TABLE users MODIFY name varchar(50) NOT NULL | validate-constraint users.name
          ALTER TABLE users ADD age int NOT NULL | add-not-null users.age
          """)
  void statement_is_found(String sql, String risks) throws Exception {
    assertThat(String.join(", ", risksOf(sql + ";"))).isEqualTo(risks);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE users MODIFY name varchar(50);",
        "ALTER TABLE users ADD INDEX i (name);",
        "CREATE INDEX i ON users (name);",
        "UPDATE users SET name = 'it\\'s' WHERE id = 1;",
        "CREATE PROCEDURE p() BEGIN DELETE FROM users; DROP TABLE users; END;"
      })
  void statement_is_no_risk(String sql) throws Exception {
    assertThat(risksOf(sql)).isEmpty();
  }

  @Test
  void tables_of_another_database_are_looked_for_where_a_file_goes_there() throws Exception {
    String other = database() + "_other";
    SERVER.createDatabase(other);
    execute("CREATE TABLE " + other + ".notes AS SELECT 1 AS id");
    assertThat(risksOf("DROP TABLE IF EXISTS notes;")).isEmpty();
    assertThat(risksOf("USE " + other + "; DROP TABLE IF EXISTS notes;"))
        .containsExactly("drop-table notes");
    assertThat(risksOf("DROP DATABASE " + other + ";")).containsExactly("drop-database " + other);
  }
}
