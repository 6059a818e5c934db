package io.tidegate.engine.mysql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.DialectFixture;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.target.Target;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file sets for its session ends with it, and what it writes is what mariadb would have written. */
class MySqlSessionSettingsTest extends DialectFixture {
  private static final MariaDbServer SERVER = new MariaDbServer();

  @RegisterExtension static final MySqlDatabases DATABASES = new MySqlDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @AfterEach
  void restore() throws SQLException {
    execute("SET GLOBAL sql_mode = DEFAULT, GLOBAL autocommit = 1, GLOBAL time_zone = 'SYSTEM'");
  }

  /** Case 30-mariadb-dump: what mariadb-dump writes, with rows. */
  @Test
  void dump_that_locks_its_tables_is_applied() throws Exception {
    write(
        folder,
        "001.sql",
        """
        -- MariaDB dump 10.19  Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)
        /*!40101 SET NAMES utf8mb4 */;
        /*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
        /*!40103 SET TIME_ZONE='+00:00' */;
        /*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
        /*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
        DROP TABLE IF EXISTS `item`;
        CREATE TABLE `item` (
          `id` int(11) NOT NULL AUTO_INCREMENT,
          `name` varchar(40) DEFAULT NULL,
          PRIMARY KEY (`id`)
        ) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=latin1;
        LOCK TABLES `item` WRITE;
        /*!40000 ALTER TABLE `item` DISABLE KEYS */;
        INSERT INTO `item` VALUES (1,'a'),(2,'b');
        /*!40000 ALTER TABLE `item` ENABLE KEYS */;
        UNLOCK TABLES;
        /*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;
        """);
    write(folder, "002.sql", "INSERT INTO item (name) VALUES ('c');");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(query("SELECT concat(id, name) FROM item ORDER BY id"))
        .containsExactly("1a", "2b", "5c");
    assertThat(resolvable().interrupted()).isEmpty();
    assertThat(migrate(folder).applied()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOCK TABLES t WRITE; INSERT INTO t VALUES (1); INSERT INTO t VALUES (2);",
        "LOCK TABLES t READ;",
        "FLUSH TABLES WITH READ LOCK;"
      })
  void locks_that_a_file_leaves_end_with_it(String lock) throws Exception {
    execute("CREATE TABLE t (id int)");
    write(folder, "001.sql", lock);
    write(folder, "002.sql", "INSERT INTO t VALUES (3);");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(query("SELECT max(id) FROM t")).containsExactly("3");
    assertThat(resolvable().interrupted()).isEmpty();
  }

  /** Case 31-use-database. */
  @Test
  void use_of_another_database_ends_with_its_file() throws Exception {
    String other = database() + "other";
    write(
        folder,
        "001.sql",
        "CREATE DATABASE IF NOT EXISTS %1$s;\nUSE %1$s;\nCREATE TABLE x(id int);".formatted(other));
    write(folder, "002.sql", "CREATE TABLE y(id int);");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(
            query(
                "SELECT concat(table_schema, '.', table_name) FROM information_schema.tables"
                    + " WHERE table_schema LIKE '"
                    + database()
                    + "%' AND table_name IN ('x', 'y', 'DATABASECHANGELOG', 'tidegate_intent')"))
        .containsExactlyInAnyOrder(
            database() + ".DATABASECHANGELOG",
            database() + ".tidegate_intent",
            database() + ".y",
            other + ".x");
    assertThat(migrate(folder).applied()).isZero();
  }

  /** The second file tells what it finds. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SET FOREIGN_KEY_CHECKS = 0         | @@foreign_key_checks | 1
          SET UNIQUE_CHECKS = 0              | @@unique_checks      | 1
          SET time_zone = '+09:00'           | @@time_zone          | SYSTEM
          SET NAMES utf8                     | @@character_set_client | utf8mb4
          SET lock_wait_timeout = 77         | @@lock_wait_timeout  | 5
          SET max_statement_time = 77        | @@max_statement_time | 0.000000
          SET @x = 5                         | coalesce(@x, 'none') | none
          SET autocommit = 0                 | @@autocommit         | 0
          SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE | @@tx_isolation | REPEATABLE-READ
          """)
  void setting_of_a_file_ends_with_it(String set, String name, String expected) throws Exception {
    write(folder, "001.sql", set + ";");
    write(folder, "002.sql", "CREATE TABLE found AS SELECT %s AS value;".formatted(name));
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(query("SELECT value FROM found")).containsExactly(expected);
  }

  @Test
  void mode_of_a_file_ends_with_it() throws Exception {
    write(folder, "001.sql", "SET sql_mode = 'ANSI_QUOTES';");
    write(folder, "002.sql", "CREATE TABLE found AS SELECT @@sql_mode AS value;");
    migrate(folder);
    assertThat(query("SELECT value FROM found")).isEqualTo(query("SELECT @@global.sql_mode"));
  }

  @Test
  void temporary_table_ends_with_its_file() throws Exception {
    write(folder, "001.sql", "CREATE TEMPORARY TABLE x (id int);");
    write(folder, "002.sql", "CREATE TABLE x (id int);");
    migrate(folder);
    assertThat(query("SELECT count(*) FROM x")).containsExactly("0");
  }

  /** Case 66-sql-mode-empty: mariadb truncates, and so do we. */
  @Test
  void mode_is_the_servers_not_the_drivers() throws Exception {
    execute("SET GLOBAL sql_mode = ''");
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE t(s varchar(3), d datetime);
        INSERT INTO t VALUES ('abcdef', '0000-00-00 00:00:00');
        """);
    migrate(folder);
    assertThat(query("SELECT concat(s, ' ', cast(d AS char)) FROM t"))
        .containsExactly("abc 0000-00-00 00:00:00");
  }

  @Test
  void time_zone_is_the_servers() throws Exception {
    execute("SET GLOBAL time_zone = '+09:00'");
    write(
        folder,
        "001.sql",
        "CREATE TABLE t (t timestamp NULL); INSERT INTO t VALUES ('2024-07-01 09:00:00');");
    migrate(folder);
    assertThat(query("SELECT unix_timestamp(t) FROM t")).containsExactly("1719792000");
  }

  /** Case 56-autocommit-off. */
  @Test
  void server_without_autocommit_keeps_what_is_applied() throws Exception {
    execute("SET GLOBAL autocommit = 0");
    write(folder, "001.sql", "CREATE TABLE t(id int primary key); INSERT INTO t VALUES (1);");
    write(folder, "002.sql", "INSERT INTO t VALUES (2);");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(query("SELECT id FROM t ORDER BY id")).containsExactly("1", "2");
    assertThat(migrate(folder).applied()).isZero();
  }

  /** Case 70-connection-limit-1, here. */
  @Test
  void one_connection_is_enough() throws Exception {
    String user = "u_" + database();
    execute("CREATE USER %s IDENTIFIED BY 'pw' WITH MAX_USER_CONNECTIONS 1".formatted(user));
    execute("GRANT ALL ON %s.* TO %s".formatted(database(), user));
    write(folder, "001.sql", "CREATE TABLE t(id int);");
    write(folder, "002.sql", "CREATE TABLE u(id int);");
    write(folder, "003.sql", "CREATE TABLE v(id int);");
    Target limited = SqlTargets.server("mariadb", SERVER.port(), database(), user, "pw", folder);
    assertThat(
            migration(limited, MigrationSettings.DEFAULT).migrate(MigrationListener.NONE).applied())
        .isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET NAMES latin1",
        "/*!40101 SET NAMES 'cp1251' */",
        "SET SESSION character_set_client = latin1",
        "SET CHARACTER SET latin1",
        "SET CHARSET latin1"
      })
  void character_set_that_the_driver_does_not_know_is_refused_before_it_is_set(String set)
      throws Exception {
    write(folder, "001.sql", set + "; SELECT 'é';");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("UTF-8");
    assertThat(resolvable().interrupted()).isEmpty();
    write(
        folder,
        "001.sql",
        "--liquibase formatted sql\n--changeset me:1 stripComments:false\n" + set + ";\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("UTF-8");
    assertThat(resolvable().interrupted()).isEmpty();
  }

  @Test
  void text_that_reads_like_a_character_set_is_a_text() throws Exception {
    write(
        folder,
        "001.sql",
        "--liquibase formatted sql\n--changeset me:1\nCREATE TABLE a (b text COMMENT 'SET NAMES latin1');\n");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  @Test
  void names_of_functions_are_names_of_tables() throws Exception {
    write(folder, "001.sql", "CREATE TABLE count (id int); CREATE TABLE now (id int);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT `id` FROM `count`")).isEmpty();
  }

  /** Case 54-force-primary-key. */
  @Test
  void server_that_demands_primary_keys_is_migrated() throws Exception {
    execute("SET GLOBAL innodb_force_primary_key = ON");
    try {
      write(folder, "001.sql", "CREATE TABLE t(id int primary key);");
      assertThat(migrate(folder).applied()).isEqualTo(1);
      write(folder, "002.sql", "INSERT INTO t VALUES (1);");
      assertThat(migrate(folder).applied()).isEqualTo(1);
      assertThat(migrate(folder).applied()).isZero();
      assertThat(query("SELECT ID FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED"))
          .containsExactly("001.sql", "002.sql");
    } finally {
      execute("SET GLOBAL innodb_force_primary_key = OFF");
    }
  }

  /** Case 73-mysql-correct-and-again: the advice leads on. */
  @Test
  void advice_after_half_a_changeset_is_what_goes_on() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);\nCREATE TABLE u (id itn);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("changeset 001.sql", "statement 2", "tidegate resolve db", "--not-applied")
        .doesNotContain("the lock is free");
    execute("DROP TABLE t");
    write(folder, "001.sql", "CREATE TABLE t (id int);\nCREATE TABLE u (id int);");
    resolvable().resolve(new ChangesetId("001.sql", "", ""), false, "dropped t");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  /** As case 71-discard-all, here. */
  @Test
  void lock_that_a_file_freed_is_taken_again() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int); DO RELEASE_ALL_LOCKS();");
    write(folder, "002.sql", "INSERT INTO t VALUES (1);");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(query("SELECT id FROM t")).containsExactly("1");
    assertThat(resolvable().interrupted()).isEmpty();
  }
}
