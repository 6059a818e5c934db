package io.tidegate.migration.risk;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.risk.Effect.Action;
import io.tidegate.migration.risk.StatementClassifier.Quoting;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementClassifierTest {
  private final StatementClassifier classifier = new StatementClassifier(Quoting.STANDARD);

  @AfterEach
  void close() {
    classifier.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          DROP TABLE users | DROP_TABLE users
          drop table if exists app.users, `orders` CASCADE | DROP_TABLE app.users; DROP_TABLE orders
          DROP TABLE "Users" PURGE | DROP_TABLE users
          DROP /* all */ TABLE users -- gone | DROP_TABLE users
          ALTER /* a /* b */ c */ TABLE users DROP COLUMN name -- where | DROP_COLUMN users.name
          EXPLAIN ANALYZE DELETE FROM users | DELETE_ALL users
          EXPLAIN (BUFFERS, ANALYZE) DELETE FROM users | DELETE_ALL users
          DROP OWNED BY app CASCADE | DROP_OWNED app
          DROP TABLE "we""ird", t😀 | DROP_TABLE we"ird; DROP_TABLE t😀
          DELETE FROM users WHERE ((1 = 1)) | DELETE_ALL users
          DELETE FROM users WHERE 'a' = 'a' | DELETE_ALL users
          UPDATE ONLY users * SET a = 1 -- where | UPDATE_ALL users=a
          ALTER TABLE users * DROP name | DROP_COLUMN users.name
          WITH gone AS (DELETE FROM ONLY users RETURNING *) INSERT INTO old SELECT * FROM gone | DELETE_ALL users
          WITH gone AS (DELETE FROM users RETURNING *) MERGE INTO a USING gone ON true WHEN MATCHED THEN DELETE | DELETE_ALL users
          INSERT INTO old WITH gone AS (DELETE FROM users RETURNING *) SELECT * FROM gone | DELETE_ALL users
          COPY (DELETE FROM users RETURNING *) TO STDOUT | DELETE_ALL users
          DROP SCHEMA app CASCADE | DROP_SCHEMA app
          DROP DATABASE IF EXISTS app | DROP_DATABASE app
          TRUNCATE users | TRUNCATE users
          TRUNCATE TABLE ONLY users, orders RESTART IDENTITY | TRUNCATE users; TRUNCATE orders
          DELETE FROM users | DELETE_ALL users
          DELETE FROM ONLY users | DELETE_ALL users
          DELETE FROM users WHERE 1=1 | DELETE_ALL users
          DELETE FROM users WHERE true | DELETE_ALL users
          WITH gone AS (DELETE FROM users RETURNING *) SELECT * FROM gone | DELETE_ALL users
          WITH gone AS (DELETE FROM users RETURNING *) INSERT INTO old SELECT * FROM gone | DELETE_ALL users
          UPDATE users SET name = '', age = 1 | UPDATE_ALL users=name,age
          UPDATE users u, orders SET u.name = 'x' | UPDATE_ALL users=name
          UPDATE users, orders o SET users.name = '', o.total = 0, note = '' | UPDATE_ALL users=name,note; UPDATE_ALL orders=total,note
          UPDATE users SET name = 'it\\'s' | UPDATE_ALL users
          ALTER TABLE users DROP COLUMN name | DROP_COLUMN users.name
          ALTER TABLE users DROP name, DROP COLUMN IF EXISTS age CASCADE | DROP_COLUMN users.name; DROP_COLUMN users.age
          ALTER TABLE IF EXISTS ONLY app.users DROP COLUMN name | DROP_COLUMN app.users.name
          ALTER TABLE users VALIDATE CONSTRAINT c, DROP COLUMN name | DROP_COLUMN users.name
          ALTER TABLE users ADD CONSTRAINT u PRIMARY KEY USING INDEX i, DROP COLUMN path, ALTER name SET NOT NULL | DROP_COLUMN users.path; SET_NOT_NULL users.name
          ALTER TABLE users ALTER CONSTRAINT f NOT DEFERRABLE, ALTER a SET DEFAULT ',DROP COLUMN x', DROP b | DROP_COLUMN users.b
          ALTER TABLE users RENAME COLUMN key TO akey | RENAME_COLUMN users.key=akey
          DROP TABLE IF EXISTS path, users, a b c CASCADE | DROP_TABLE path; DROP_TABLE users; DROP_TABLE a
          ALTER TABLE users DROP PARTITION p1 | TRUNCATE users
          ALTER TABLE users DISCARD TABLESPACE | TRUNCATE users
          ALTER TABLE users DISCARD PARTITION p1 TABLESPACE | TRUNCATE users
          ALTER TABLE users DROP name, DROP SYSTEM VERSIONING | DROP_COLUMN users.name; TRUNCATE users
          ALTER TABLE users RENAME TO people | RENAME_TABLE users=people
          ALTER TABLE users SET SCHEMA archive | RENAME_TABLE users=archive.users
          RENAME TABLE users TO people, a TO old.b | RENAME_TABLE users=people; RENAME_TABLE a=old.b
          CREATE OR REPLACE TABLE users (id int) | DROP_TABLE users
          ALTER TABLE users RENAME COLUMN name TO label | RENAME_COLUMN users.name=label
          ALTER TABLE users RENAME name TO label | RENAME_COLUMN users.name=label
          ALTER TABLE users CHANGE name label varchar(10) | RENAME_COLUMN users.name=label; CHANGE_TYPE users.name=varchar (10)
          ALTER TABLE users ALTER COLUMN name TYPE varchar(10) | CHANGE_TYPE users.name=varchar (10)
          ALTER TABLE users ALTER name SET DATA TYPE integer USING name::integer | CHANGE_TYPE users.name=integer
          ALTER TABLE users MODIFY name int unsigned NOT NULL | CHANGE_TYPE users.name=int UNSIGNED; SET_NOT_NULL users.name
          ALTER TABLE users ALTER COLUMN name SET NOT NULL | SET_NOT_NULL users.name
          ALTER TABLE users ADD COLUMN age int NOT NULL | ADD_REQUIRED_COLUMN users.age
          ALTER TABLE users ADD age int NOT NULL DEFAULT 0 | ADD_COLUMN users.age
          ALTER TABLE users ADD COLUMN id2 bigserial NOT NULL | ADD_COLUMN users.id2
          ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES b (c) | ADD_CONSTRAINT users
          ALTER TABLE ONLY users ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES b (c) | ADD_CONSTRAINT users
          ALTER TABLE users ADD CHECK (age > 0) | ADD_CONSTRAINT users
          ALTER TABLE users ADD CONSTRAINT u UNIQUE (name) | CREATE_INDEX users
          CREATE INDEX i ON users (name) | CREATE_INDEX users
          CREATE UNIQUE INDEX IF NOT EXISTS i ON app.users USING btree (lower(name) DESC NULLS LAST) WHERE x | CREATE_INDEX app.users
          """)
  void statement_has_these_effects(String statement, String effects) {
    assertThat(effects(statement)).isEqualTo(effects == null ? "" : effects);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'DROP TABLE users'",
        "INSERT INTO notes VALUES ('DELETE FROM users')",
        "COMMENT ON TABLE users IS 'DROP TABLE users'",
        "DO $$ BEGIN DROP TABLE users; END $$",
        "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN DELETE FROM users; END $$ LANGUAGE plpgsql",
        "CREATE OR REPLACE PROCEDURE p() BEGIN TRUNCATE users; END",
        "CREATE TRIGGER t AFTER INSERT ON users BEGIN DELETE FROM orders; END",
        "EXPLAIN DELETE FROM users",
        "GRANT TRUNCATE ON users TO app",
        "DROP VIEW users",
        "DROP INDEX i",
        "DROP FUNCTION users()",
        "DROP TYPE users",
        "DELETE FROM users WHERE id = 1",
        "DELETE FROM users WHERE name = 'x' -- DELETE FROM users",
        "DELETE FROM users USING orders WHERE users.id = orders.id",
        "DELETE users FROM users JOIN orders ON users.id = orders.id",
        "DELETE FROM users LIMIT 10",
        "UPDATE users SET name = 'x' WHERE id = 1",
        "UPDATE users SET name = 'it\\'s' WHERE id = 1",
        "UPDATE users u SET name = o.name FROM orders o WHERE o.id = u.id",
        "UPDATE users u, orders o SET u.name = o.name WHERE o.id = u.id",
        "UPDATE users u JOIN orders o ON o.id = u.id SET u.name = o.name",
        "ALTER TABLE users DROP CONSTRAINT c",
        "ALTER TABLE users DROP FOREIGN KEY f",
        "ALTER TABLE users DROP INDEX i",
        "ALTER TABLE users DROP PRIMARY KEY",
        "ALTER TABLE users IMPORT TABLESPACE",
        "ALTER TABLE users ALTER COLUMN name DROP NOT NULL",
        "ALTER TABLE users ALTER COLUMN name DROP DEFAULT",
        "ALTER TABLE users ALTER COLUMN name SET DEFAULT 'DROP COLUMN name'",
        "ALTER TABLE users RENAME CONSTRAINT a TO b",
        "ALTER TABLE users RENAME INDEX a TO b",
        "ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES b (c) NOT VALID",
        "ALTER TABLE users ADD CONSTRAINT k CHECK (age > 0) NOT VALID",
        "ALTER TABLE users ADD INDEX i (name)",
        "ALTER TABLE users ENABLE ROW LEVEL SECURITY",
        "CREATE INDEX CONCURRENTLY i ON users (name)",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON users USING gin (name gin_trgm_ops)",
        "CREATE TABLE users (id int)",
        "MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE",
        "this is no SQL; DROP TABLE users",
        ""
      })
  void statement_is_harmless(String statement) {
    assertThat(effects(statement)).isEmpty();
  }

  @Test
  void quotes_are_those_of_the_database() {
    try (StatementClassifier mysql = new StatementClassifier(Quoting.BACKSLASHES);
        StatementClassifier sqlite = new StatementClassifier(Quoting.BRACKETS)) {
      assertThat(mysql.classify("DELETE FROM `users` WHERE name = 'it\\'s'")).isEmpty();
      assertThat(mysql.classify("UPDATE `users` SET name = 'it\\'s'")).hasSize(1);
      assertThat(mysql.classify("/*!50001 DROP TABLE users */")).hasSize(1);
      assertThat(mysql.classify("/*!40000 ALTER TABLE users DISABLE KEYS */")).isEmpty();
      assertThat(mysql.classify("ALTER ONLINE TABLE users DROP COLUMN name")).hasSize(1);
      assertThat(mysql.classify("DELETE FROM users # WHERE")).hasSize(1);
      assertThat(mysql.classify("UPDATE users SET name = \"\\\" where\"")).hasSize(1);
      assertThat(mysql.classify("ALTER TABLE users /*!50000 DROP COLUMN name */")).hasSize(1);
      assertThat(mysql.classify("/*!50001 DROP */ TABLES users, orders")).hasSize(2);
      assertThat(mysql.classify("ANALYZE FORMAT=JSON DELETE FROM users")).hasSize(1);
      assertThat(mysql.classify("ALTER TABLE users WAIT 5 DROP COLUMN name")).hasSize(1);
      assertThat(mysql.classify("ALTER TABLE users NOWAIT DROP name, ADD x int")).hasSize(2);
      assertThat(mysql.classify("ALTER TABLE users ADD x int, RENAME = `people`"))
          .contains(new Effect(Action.RENAME_TABLE, TableName.of(null, "users"), "", "people"));
      assertThat(mysql.classify("DROP /*!40005 TEMPORARY */ TABLE users")).isEmpty();
      assertThat(sqlite.classify("DELETE FROM [Some users]"))
          .singleElement()
          .satisfies(effect -> assertThat(effect.table().name()).isEqualTo("some users"));
    }
  }

  @Test
  void what_is_too_long_or_too_deep_is_classified_by_its_leading_keywords() {
    String deep = "(".repeat(5000) + "1" + ")".repeat(5000);
    String deeper = "(".repeat(19) + "1" + ")".repeat(19);
    assertThat(effects("DELETE FROM users WHERE x = " + deep)).isEmpty();
    assertThat(effects("UPDATE users SET x = " + deep)).isEqualTo("UPDATE_ALL users");
    assertThat(effects("UPDATE users SET x = " + deeper)).startsWith("UPDATE_ALL users");
    assertThat(effects("DELETE FROM users WHERE x IN (" + "1,".repeat(50_000) + "1)")).isEmpty();
    assertThat(effects("UPDATE users SET x = 1" + " + 1".repeat(4000)))
        .startsWith("UPDATE_ALL users");
  }

  @Test
  void conditions_of_others_are_not_those_of_the_statement_however_long_it_is() {
    String text = "'" + "x".repeat(30_000) + "'";
    assertThat(effects("UPDATE users SET name = (SELECT " + text + " FROM orders WHERE id = 1)"))
        .isEqualTo("UPDATE_ALL users");
    assertThat(effects("WITH x AS (SELECT " + text + ") DELETE FROM users"))
        .isEqualTo("DELETE_ALL users");
    assertThat(effects("WITH x AS (SELECT " + text + ") DELETE FROM users WHERE id = 1")).isEmpty();
    assertThat(effects("WITH x AS (DELETE FROM users RETURNING id) SELECT " + text))
        .isEqualTo("DELETE_ALL users");
  }

  @Test
  @Timeout(60)
  void statement_that_is_hard_to_search_takes_no_longer_than_another() {
    try (StatementClassifier mysql = new StatementClassifier(Quoting.BACKSLASHES)) {
      assertThat(mysql.classify("/*!50000 " + " ".repeat(100_000) + "x")).isEmpty();
    }
    assertThat(effects("DELETE FROM users WHERE " + "id = 1 OR ".repeat(1900) + "id = 2"))
        .isEmpty();
    assertThat(effects("DELETE FROM users WHERE " + "NOT ".repeat(4900) + "true")).isEmpty();
    assertThat(effects("ALTER TABLE users " + "/*".repeat(50_000) + "x")).isEmpty();
  }

  @Test
  void statements_behind_many_slow_ones_are_classified_by_their_leading_keywords() {
    try (StatementClassifier spent = new StatementClassifier(Quoting.STANDARD, Duration.ZERO)) {
      assertThat(spent.classify("DROP TABLE users")).hasSize(1);
      assertThat(spent.classify("DELETE FROM users WHERE 1 = 1")).isEmpty();
    }
    assertThat(effects("DELETE FROM users WHERE 1 = 1")).isEqualTo("DELETE_ALL users");
  }

  @Test
  void thread_that_parses_ends_with_the_classifier() {
    effects("DROP TABLE users");
    classifier.close();
    ParserThread.awaitEnd();
  }

  private String effects(String statement) {
    List<Effect> effects = classifier.classify(statement);
    return effects.stream()
        .map(effect ->
            effect.action()
                + " "
                + effect.table()
                + (effect.column().isEmpty() ? "" : "." + effect.column())
                + (effect.detail().isEmpty() ? "" : "=" + effect.detail()))
        .collect(Collectors.joining("; "));
  }
}
