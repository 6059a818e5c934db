package io.tidegate.engine.mysql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.Resolvable;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.DialectFixture;
import io.tidegate.migration.sql.RandomFolders;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What plain files make of a database is what MariaDB's own client makes of it: both run each file,
 * and the dumps of both databases are compared.
 */
class MySqlFilesTest extends DialectFixture {
  private static final List<String> PIECES =
      List.of(
          "DELIMITER //\nCREATE PROCEDURE p{k}() BEGIN SELECT 1; SELECT {k}; END//\nDELIMITER ;",
          "DELIMITER //\nCREATE PROCEDURE r{k}() BEGIN INSERT INTO t{o} (id, s) VALUES ({k}, 'a'); ROLLBACK; END//\nDELIMITER ;\nCALL r{k}();",
          "SET autocommit = 0; INSERT INTO t{o} (id, s) VALUES ({k}, 'one'); COMMIT; SET autocommit = 1;",
          "CREATE TRIGGER g{k} BEFORE INSERT ON t{o} FOR EACH ROW SET NEW.s = concat(NEW.s, ';');",
          "INSERT INTO t{o} (id, s) VALUES ({k}, 'it\\'s; \\\\');",
          "INSERT INTO t{o} (id, s) VALUES ({k}, \"double; quotes\");",
          "/*!40101 SET NAMES utf8mb4 */;",
          "/*M! INSERT INTO t{o} (id, s) VALUES ({k}, 'executed;') */;",
          "# a comment; to the end of the line",
          "SET sql_mode = 'ANSI_QUOTES'; INSERT INTO t{o} (\"id\", s) VALUES ({k}, 'ansi');",
          "SET FOREIGN_KEY_CHECKS = 0;",
          "LOCK TABLES t{o} WRITE; INSERT INTO t{o} (id, s) VALUES ({k}, 'locked'); UNLOCK TABLES;");

  private static final MariaDbServer SERVER = new MariaDbServer();

  @RegisterExtension static final MySqlDatabases DATABASES = new MySqlDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  /** Applies it as the only file of a changelog, and by the client to another database. */
  private void assertAsByTheClient(String sql) throws Exception {
    Path file = write(folder, "001.sql", sql);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    String other = database() + "c";
    create(other);
    Program.run(Map.of(), file, client("mariadb", other));
    assertThat(dump(database())).isEqualTo(dump(other));
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(1);
    assertThat(resolvable().interrupted()).isEmpty();
  }

  private static String[] client(String program, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                MariaDbServer.program(program).toString(),
                "--no-defaults",
                "--host=127.0.0.1",
                "--port=" + SERVER.port(),
                "--default-character-set=utf8mb4",
                "--user=root"));
    command.addAll(List.of(more));
    return command.toArray(String[]::new);
  }

  /** All but the tables of the migration. */
  private static List<String> dump(String name) {
    List<String> options =
        new ArrayList<>(
            List.of("--skip-comments", "--routines", "--events", "--triggers", "--hex-blob"));
    for (String own :
        List.of(
            "DATABASECHANGELOG",
            "DATABASECHANGELOGLOCK",
            "tidegate_intent",
            "tidegate_fingerprint")) {
      options.add("--ignore-table=" + name + "." + own);
    }
    options.add(name);
    String text =
        Program.run(Map.of(), null, client("mariadb-dump", options.toArray(String[]::new)));
    // A client has its own character set, and routines keep that of who made them.
    return Program.linesWithout(text.replace(name, "db"), "/*!50003 SET");
  }

  private String refused(String sql) throws SQLException {
    write(folder, "001.sql", "CREATE TABLE before_it (id int);\n" + sql);
    String said = problem(ExitCode.CHANGELOG, () -> migrate(folder));
    assertThat(query("SHOW TABLES LIKE 'before_it'")).as(said).isEmpty();
    assertThat(resolvableCount()).isZero();
    return said;
  }

  private int resolvableCount() {
    try {
      return resolvable().interrupted().size();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Case 20-trigger-if. */
  @Test
  void trigger_whose_body_is_no_block() throws Exception {
    assertAsByTheClient(
        """
        CREATE TABLE users (id int, api_key varchar(64));
        CREATE TABLE log (id int, what varchar(20));
        DELIMITER //
        CREATE TRIGGER bi BEFORE INSERT ON users FOR EACH ROW IF NEW.api_key IS NULL THEN SET NEW.api_key = 'k'; END IF//
        CREATE TRIGGER bj BEFORE INSERT ON users FOR EACH ROW FOLLOWS bi CASE NEW.id WHEN 1 THEN INSERT INTO log VALUES (1, 'one'); ELSE BEGIN END; END CASE//
        DELIMITER ;
        INSERT INTO users (id) VALUES (1);
        INSERT INTO users (id) VALUES (2);
        """);
  }

  @Test
  void comment_in_a_body_is_no_section_that_leads_back() throws Exception {
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE a (id int);
        DELIMITER $$
        CREATE PROCEDURE p()
        BEGIN
          DECLARE EXIT HANDLER FOR SQLEXCEPTION
          BEGIN
            -- rollback
            ROLLBACK;
          END;
          INSERT INTO a VALUES (1);
        END$$
        DELIMITER ;
        CALL p();
        """);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT id FROM a")).containsExactly("1");
    write(
        folder,
        "002.sql",
        """
        DELIMITER $$
        CREATE PROCEDURE q() BEGIN SELECT 1; END$$ -- of q
        # Down
        DROP TABLE a$$
        """);
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("002.sql, line 3");
  }

  /** Drizzle's files: the client passes over such a line where a statement would begin, the server not. */
  @Test
  void hyphens_without_a_blank_begin_a_comment_between_statements_alone() throws Exception {
    write(
        folder,
        "0000_a.sql",
        """
        --the first table
        CREATE TABLE a (id int DEFAULT (5--3));
        --> statement-breakpoint
        CREATE TABLE b (id int);--> statement-breakpoint
        INSERT INTO a VALUES (); --it's one; and no more
        """);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT id FROM a")).containsExactly("8");
    assertThat(query("SHOW TABLES LIKE 'b'")).containsExactly("b");
    write(folder, "0001_b.sql", "CREATE TABLE c (id int);\n--Down\nDROP TABLE a;");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("0001_b.sql, line 2");
  }

  /** Case 20-trigger-if as it is: MariaDB's client would need a DELIMITER, its server does not. */
  @Test
  void bodies_need_no_delimiter() throws Exception {
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE users (id int, api_key varchar(64));
        CREATE TRIGGER bi BEFORE INSERT ON users FOR EACH ROW IF NEW.api_key IS NULL THEN SET NEW.api_key = 'k'; END IF;
        INSERT INTO users (id) VALUES (1);
        CREATE TABLE n (i int);
        CREATE PROCEDURE fill()
        BEGIN
          FOR i IN 1..3 DO
            INSERT INTO n VALUES (i);
          END FOR;
          INSERT INTO n VALUES (99);
        END;
        CALL fill();
        BEGIN NOT ATOMIC
          IF NOT FALSE THEN
            INSERT INTO n VALUES (1);
          END IF;
        END;
        """);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT api_key FROM users")).containsExactly("k");
    assertThat(query("SELECT i FROM n ORDER BY i")).containsExactly("1", "1", "2", "3", "99");
  }

  /** Cases 21-end-for, 22-not-atomic and 25-delimiter. */
  @Test
  void every_kind_of_block_under_a_delimiter() throws Exception {
    assertAsByTheClient(
        """
        CREATE TABLE n (i int, note varchar(20));
        DELIMITER //
        CREATE PROCEDURE p()
        BEGIN
          DECLARE done int DEFAULT IF(1 > 2, 1, 0);
          DECLARE c CURSOR FOR SELECT i FROM n;
          DECLARE CONTINUE HANDLER FOR NOT FOUND, SQLSTATE '42S02' SET done = CASE WHEN done THEN 2 ELSE 1 END;
          DECLARE EXIT HANDLER FOR 1062, SQLEXCEPTION BEGIN ROLLBACK; END;
          FOR i IN 1..3 DO INSERT INTO n VALUES (i, 'for'); END FOR;
          l: LOOP SET done = done + 1; IF done > 3 THEN LEAVE l; ELSEIF done = 2 THEN ITERATE l; END IF; END LOOP l;
          REPEAT SET done = done - 1; UNTIL done < 1 END REPEAT;
          WHILE done < 2 DO SET done = done + 1; END WHILE;
          CASE done WHEN 2 THEN INSERT INTO n VALUES (done, 'case'); ELSE SELECT 1; END CASE;
        END//
        CREATE FUNCTION f(a int) RETURNS varchar(20) CHARACTER SET utf8mb4 DETERMINISTIC NO SQL
        b: BEGIN RETURN CASE WHEN a > 1 THEN 'x;' ELSE 'y' END; END//
        CREATE FUNCTION g() RETURNS int RETURN 1//
        CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01 00:00:00' DO BEGIN DELETE FROM n; END//
        DELIMITER ;
        CALL p();
        INSERT INTO n VALUES (g(), f(2));
        """);
  }

  @Test
  void words_that_are_also_names() throws Exception {
    assertAsByTheClient(
        """
        CREATE TABLE event (begin int, `end` int, end_ int, event varchar(9));
        INSERT INTO event (begin, end, event) VALUES (5--3, 1, 'a;b'), (1, 2, "it's;");
        UPDATE event SET end_ = CASE WHEN end > 1 THEN end ELSE begin END;
        DELETE FROM event WHERE begin = 99; # a comment; of one line
        CREATE VIEW v AS SELECT begin, end, CASE event WHEN 'a;b' THEN end END AS c FROM event;
        """);
  }

  @Test
  void backslashes_without_escapes() throws Exception {
    assertAsByTheClient(
        """
        CREATE TABLE t (s varchar(20));
        INSERT INTO t VALUES ('it\\'s;');
        SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES';
        INSERT INTO t VALUES ('c:\\');
        INSERT INTO t VALUES ('d;\\');
        SET SESSION sql_mode = '';
        INSERT INTO t VALUES ('e\\\\;');
        """);
  }

  @Test
  void modes_that_are_computed() throws Exception {
    assertAsByTheClient(
        """
        CREATE TABLE t (s varchar(40));
        SET sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '');
        INSERT INTO t VALUES ('it\\'s; one');
        SET @old = @@sql_mode, SESSION sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES');
        INSERT INTO t VALUES ('two;\\');
        SET sql_mode = (SELECT REPLACE(@@session.sql_mode, 'NO_BACKSLASH_ESCAPES', ''));
        INSERT INTO t VALUES ('it\\'s; three');
        SET sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES';
        SET sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@sql_mode, ','), ',ANSI_QUOTES,', ','));
        INSERT INTO t VALUES ("four;\\");
        SET sql_mode = IF(1 > 0, CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'), @@sql_mode);
        INSERT INTO t VALUES ('five;\\');
        SET SQL_MODE = IFNULL(@old, '');
        INSERT INTO t VALUES ('it\\'s; six');
        """);
  }

  /** What is the character set of the client alone gives way to UTF-8; the text is the same in both. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET NAMES latin1;",
        "SET NAMES binary;",
        "/*!40101 SET NAMES 'latin1' COLLATE latin1_bin */;",
        "SET CHARSET latin1;",
        "SET @x=1, character_set_client = latin1, character_set_results = latin1;",
        "/*!50003 SET character_set_client  = cp850 */ ;\n/*!50003 SET collation_connection  = cp850_general_ci */ ;",
      })
  void other_character_set_of_a_text_that_is_the_same_in_utf8(String set) throws Exception {
    assertAsByTheClient(
        """
        CREATE TABLE a (b varchar(40)) CHARSET utf8mb4;
        SET @saved_cs_client = @@character_set_client;
        %s
        CREATE TABLE made AS SELECT 'text' AS c;
        CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW SET NEW.b = concat(NEW.b, '!');
        INSERT INTO a VALUES ('set names latin1');
        SET character_set_client = @saved_cs_client;
        SET NAMES utf8mb4;
        INSERT INTO a VALUES ('ünï€ set names latin1');
        """
            .formatted(set));
  }

  @Test
  void text_in_another_character_set_is_refused_before_the_first_statement() throws Exception {
    assertThat(refused("SET NAMES latin1;\nINSERT INTO before_it VALUES ('é');\n"))
        .contains("001.sql, line 3", "SET NAMES utf8mb4");
    assertThat(refused("SET @x=1, character_set_client=cp850;\nSELECT 1;\nSELECT 'é';\n"))
        .contains("line 4");
    assertThat(
            refused(
                """
                SET NAMES latin1;
                SET @saved = @@character_set_client;
                SET character_set_client = utf8mb4;
                SELECT 'é';
                SET character_set_client = @saved;
                SELECT 'é';
                """))
        .contains("line 7");
  }

  @Test
  void mode_that_cannot_be_told_is_refused_before_the_first_statement() throws Exception {
    assertThat(refused("SET sql_mode = IF(1 > 0, 'ANSI_QUOTES', @@sql_mode);\n"))
        .contains("line 2", "sql_mode");
    assertThat(refused("SELECT 1;\nSET sql_mode = (SELECT s FROM modes);\n")).contains("line 3");
  }

  @Test
  void package_outside_of_oracles_language() throws Exception {
    assertAsByTheClient(
        """
        DELIMITER $$
        CREATE OR REPLACE PACKAGE pkg
          PROCEDURE p1();
          FUNCTION f1() RETURNS INT;
        END;
        $$
        CREATE OR REPLACE PACKAGE BODY pkg
          DECLARE v INT DEFAULT 1;
          PROCEDURE p1() BEGIN IF v > 0 THEN SELECT 1; END IF; END;
          FUNCTION f1() RETURNS INT BEGIN RETURN 1; END;
          FUNCTION f2() RETURNS INT RETURN CASE WHEN v > 1 THEN 2 ELSE 3 END;
          SET v = 2;
        END;
        $$
        DELIMITER ;
        CREATE TABLE behind (a int);
        INSERT INTO behind VALUES (pkg.f1());
        """);
  }

  @Test
  void labels_of_oracles_language() throws Exception {
    assertAsByTheClient(
        """
        SET sql_mode = ORACLE;
        DELIMITER //
        CREATE PROCEDURE p1 AS
          x INT := 0;
        BEGIN
          x := 1 << 2;
          <<outer_loop>>
          LOOP
            <<inner_loop>>
            FOR i IN 1..3 LOOP
              CONTINUE inner_loop WHEN i = 1;
              x := x + i;
            END LOOP;
            EXIT outer_loop WHEN x > 3;
          END LOOP;
        END;
        //
        CREATE PROCEDURE p2 AS BEGIN <<`l`>> LOOP EXIT l; END LOOP; END;
        //
        DELIMITER ;
        CREATE TABLE behind (a VARCHAR2(10));
        """);
  }

  @Test
  void use_ends_with_its_line() throws Exception {
    create(database() + "u");
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE a (b int);
        USE %su
        CREATE TABLE c (b int);
        -- next
        use `%s`
        # comment
        CREATE TABLE d (b int); USE %su;
        CREATE TABLE e (b int);
        """
            .formatted(database(), database(), database()));
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SHOW TABLES WHERE tables_in_" + database() + " IN ('a','c','d','e')"))
        .containsExactly("a", "d");
    assertThat(column(database() + "u", "SHOW TABLES")).containsExactly("c", "e");
  }

  /** Case 29-mariadb-comment. */
  @Test
  void what_the_server_executes_is_no_comment() throws Exception {
    assertAsByTheClient(
        """
        CREATE TABLE a (id int);
        /*M!100300 CREATE SEQUENCE s START WITH 10 */;
        /*!50000 CREATE TABLE b (id int) */;
        /*!99999 CREATE TABLE never (id int) */;
        /* CREATE TABLE neither (id int); */
        CREATE TABLE /*!50000 IF NOT EXISTS */ b (id int) /*! ENGINE=InnoDB */;
        """);
  }

  /** Case 25-delimiter, with more spellings of it. */
  @Test
  void delimiter_is_obeyed() throws Exception {
    assertAsByTheClient(
        """
        CREATE TABLE a (id int);
        DELIMITER $$
        CREATE PROCEDURE p() BEGIN INSERT INTO a VALUES (1); END$$
        delimiter ;;
        CREATE PROCEDURE q() INSERT INTO a VALUES (2);;
        CREATE TABLE b (id int); CREATE TABLE c (id int);;
        DELIMITER ;
        CALL p();
        CALL q();
        DELIMITER GO
        CREATE TABLE d (id int)GO
        CREATE TABLE go5 (id int)
        GO
        DELIMITER ;
        """);
  }

  /** What a procedure rolls back is what it would have been for the client, which commits each statement. */
  @Test
  void rollback_in_a_program_takes_back_no_more_than_by_the_client() throws Exception {
    assertAsByTheClient(
        """
        CREATE TABLE a (id int);
        DELIMITER $$
        CREATE PROCEDURE p() BEGIN INSERT INTO a VALUES (1); ROLLBACK; INSERT INTO a VALUES (2); END$$
        CREATE PROCEDURE q() BEGIN START TRANSACTION; INSERT INTO a VALUES (3); ROLLBACK; END$$
        BEGIN NOT ATOMIC INSERT INTO a VALUES (7); ROLLBACK; END$$
        DELIMITER ;
        CREATE PROCEDURE r() INSERT INTO a VALUES (4), (5);
        INSERT INTO a VALUES (6);
        CALL p();
        CALL q();
        CALL r();
        SET @n = ROW_COUNT();
        INSERT INTO a VALUES (10 + @n);
        EXECUTE IMMEDIATE 'CALL p()';
        START TRANSACTION;
        INSERT INTO a VALUES (8);
        CALL r();
        COMMIT;
        CALL p();
        SET autocommit = 1;
        CALL p();
        """);
  }

  /** Killed in between, a row that is committed before the intent would be inserted by the next run again. */
  @ParameterizedTest
  @ValueSource(strings = {"CALL p()", "SET SESSION TRANSACTION READ ONLY"})
  void rows_before_what_commits_them_are_committed_together_with_its_intent(String committing)
      throws Exception {
    write(
        folder,
        "001.sql",
        """
        CREATE PROCEDURE p() INSERT INTO a VALUES (2);
        """);
    write(folder, "002.sql", "INSERT INTO a VALUES (1); " + committing);
    execute("CREATE TABLE a (id int)");
    execute("TRUNCATE mysql.general_log");
    execute("SET GLOBAL log_output = 'TABLE'");
    execute("SET GLOBAL general_log = ON");
    try {
      migrate(folder);
    } finally {
      execute("SET GLOBAL general_log = OFF");
    }
    List<String> sent =
        query("SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log ORDER BY event_time")
            .stream()
            .map(each -> each.toLowerCase(Locale.ROOT))
            .toList();
    int row = sent.indexOf("insert into a values (1)");
    assertThat(sent.subList(row, sent.indexOf(committing.toLowerCase(Locale.ROOT))))
        .filteredOn(each ->
            each.contains("tidegate_intent")
                || (each.contains("commit") && !each.startsWith("select")))
        .first()
        .asString()
        .startsWith("insert into")
        .contains("tidegate_intent");
  }

  /** Case 64-call-late-error. */
  @Test
  void late_error_of_a_call_is_seen_and_the_statement_named() throws Exception {
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE t(id int primary key);
        CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT='boom'; END;

        CALL p();
        INSERT INTO t VALUES (1);
        """);
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("001.sql", "statement 3 in line 4", "boom");
    assertThat(query("SELECT * FROM t")).isEmpty();
  }

  @Test
  void commands_of_the_client_are_refused_before_the_first_statement() throws Exception {
    assertThat(refused("source other.sql\n")).contains("001.sql", "line 2", "SOURCE");
    assertThat(refused("SELECT 1 \\G\n")).contains("line 2", "\\G");
    assertThat(refused("DELIMITER\nSELECT 1;")).contains("line 2", "DELIMITER");
    assertThat(refused("DELIMITER \\\\\nSELECT 1;")).contains("line 2", "backslash");
    assertThat(refused("LOAD DATA LOCAL INFILE '/tmp/a.csv' INTO TABLE before_it;\n"))
        .contains("line 2", "loadData");
    assertThat(refused("INSERT INTO before_it VALUES ('open);\n"))
        .contains("line 2", "does not end");
  }

  /** Cases 28-begin-work and 12-begin-commit. */
  @Test
  void transactions_of_a_file_leave_no_half() throws Exception {
    assertAsByTheClient(
        """
        BEGIN;
        CREATE TABLE a (id int) ENGINE=InnoDB;
        INSERT INTO a VALUES (1);
        COMMIT;
        set autocommit=0;
        START TRANSACTION;
        INSERT INTO a VALUES (2);
        COMMIT WORK;
        BEGIN WORK;
        INSERT INTO a VALUES (3);
        COMMIT;
        SET SESSION autocommit = 1;
        """);
    write(
        folder,
        "002.sql",
        "BEGIN;\nINSERT INTO a VALUES (4);\nCOMMIT;\nBEGIN;\nINSERT INTO nothing VALUES (5);\nCOMMIT;\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("statement 5 in line 5", "start again");
    assertThat(query("SELECT count(*) FROM a")).containsExactly("3");
    assertThat(resolvable().interrupted()).isEmpty();
  }

  /** A statement of ours in between would be what it asks about. */
  @Test
  void what_a_statement_did_is_told_to_the_next_one() throws Exception {
    assertAsByTheClient(
        """
        CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY, b int);
        CREATE TABLE l (k varchar(20), x int);
        INSERT INTO a (b) VALUES (1), (2);
        UPDATE a SET b = b + 1;
        SET @n = ROW_COUNT();
        INSERT INTO l VALUES ('updated', @n);
        UPDATE a SET b = b + 1;
        /*!40101 SELECT ROW_COUNT() INTO @n */;
        INSERT INTO l VALUES ('updated', @n);
        SELECT SQL_CALC_FOUND_ROWS * FROM a LIMIT 1;
        SET @f = FOUND_ROWS();
        INSERT INTO l VALUES ('found', @f);
        INSERT INTO a SELECT 9, ROW_COUNT();
        INSERT INTO a SELECT 8, FOUND_ROWS();
        """);
  }

  @Test
  void what_a_statement_did_is_told_to_the_next_one_in_a_later_file() throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (b int); INSERT INTO a VALUES (1), (2);");
    migrate(folder);
    write(
        folder,
        "002.sql",
        """
        UPDATE a SET b = b + 1;
        SET @n = ROW_COUNT();
        INSERT INTO a VALUES (@n);
        """);
    write(
        folder,
        "003.sql",
        """
        -- tidegate: no-transaction
        UPDATE a SET b = b + 10;
        GET DIAGNOSTICS @n = ROW_COUNT;
        INSERT INTO a VALUES (@n);
        """);
    migrate(folder);
    assertThat(query("SELECT b FROM a ORDER BY b")).containsExactly("3", "12", "12", "13");
  }

  @Test
  void statement_that_changes_by_what_the_one_before_it_did_is_refused_where_ours_comes_between()
      throws Exception {
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE a (b text);
        CREATE PROCEDURE p(n int) BEGIN INSERT INTO a VALUES (ROW_COUNT()); END;
        INSERT INTO a VALUES ('it''s ROW_COUNT()');
        """);
    migrate(folder);
    for (String asking :
        List.of(
            "CALL p(ROW_COUNT())",
            "IF ROW_COUNT() = 0 THEN INSERT INTO a VALUES (1); END IF",
            "CALL p(1); INSERT INTO a VALUES (ROW_COUNT())")) {
      write(folder, "002.sql", "UPDATE a SET b = 1;\n" + asking + ";\n");
      assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
          .contains("SET @n = ROW_COUNT()");
      execute("TRUNCATE tidegate_intent");
    }
    write(folder, "002.sql", "-- tidegate: no-transaction\nINSERT INTO a VALUES (ROW_COUNT());\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("SET @n = ROW_COUNT()");
    assertThat(resolvable().interrupted()).isEmpty();
  }

  /** What lies between the rows of a transaction must not commit them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET @id = LAST_INSERT_ID();",
        "SET @a = 1, SESSION sql_mode = '', @@max_sort_length = 100;",
        "SELECT MAX(b) INTO @m FROM a FOR UPDATE;",
        "DO SLEEP(0);",
        "SAVEPOINT x; INSERT INTO a VALUES (5); ROLLBACK TO x; RELEASE SAVEPOINT x;",
        "/*!40101 SET NAMES utf8mb4 */;",
        "SHOW TABLES;",
      })
  void transaction_of_a_file_is_not_torn_open(String between) throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (b int);");
    migrate(folder);
    write(
        folder,
        "002.sql",
        "START TRANSACTION;\nINSERT INTO a VALUES (1);\n"
            + between
            + "\nINSERT INTO a VALUES (2, 'bad');\nCOMMIT;\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("start again");
    assertThat(query("SELECT * FROM a")).isEmpty();
    assertThat(resolvable().interrupted()).isEmpty();
    write(folder, "002.sql", "INSERT INTO a VALUES (1);\n" + between);
    migrate(folder);
    assertThat(query("SELECT b FROM a")).containsExactly("1");
  }

  /** They commit, or stay when the transaction is rolled back. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET GLOBAL max_sort_length = 1024",
        "SET @a = 1, @@global.max_sort_length = 1024",
        "SET PASSWORD FOR root@localhost = ''",
        "CALL p()",
      })
  void what_stays_after_a_rollback_is_told(String between) throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (b int); CREATE PROCEDURE p() COMMIT;");
    migrate(folder);
    write(folder, "002.sql", between + ";\nINSERT INTO a VALUES (2, 'bad');\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).doesNotContain("start again");
    assertThat(resolvable().interrupted()).hasSize(1);
  }

  /** More of the kind of 12-begin-commit: a change of the schema stays, and is told so. */
  @Test
  void half_done_file_is_told_truthfully() throws Exception {
    write(
        folder,
        "001.sql",
        "BEGIN;\nCREATE TABLE a (id int);\nINSERT INTO nothing VALUES (5);\nCOMMIT;\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("statement 3 in line 3", "stays", "tidegate resolve db '001.sql")
        .doesNotContain("start again");
    assertThat(resolvable().interrupted()).hasSize(1);
  }

  @Test
  void transactions_of_other_kinds_are_refused_before_the_first_statement() throws Exception {
    assertThat(refused("START TRANSACTION;\nINSERT INTO before_it VALUES (1);\nROLLBACK;\n"))
        .contains("line 4", "ROLLBACK");
    assertThat(refused("START TRANSACTION;\nINSERT INTO before_it VALUES (1);\n"))
        .contains("line 2", "not committed");
    assertThat(refused("XA START 'x';\n")).contains("line 2");
  }

  /** Case 56-autocommit-off. */
  @Test
  void server_without_autocommit() throws Exception {
    execute("SET GLOBAL autocommit = 0");
    try {
      write(folder, "001.sql", "CREATE TABLE t(id int primary key); INSERT INTO t VALUES (1);");
      assertThat(migrate(folder).applied()).isEqualTo(1);
      assertThat(query("SELECT id FROM t")).containsExactly("1");
      assertThat(migrate(folder).alreadyApplied()).isEqualTo(1);
    } finally {
      execute("SET GLOBAL autocommit = 1");
    }
  }

  /** Case 30-mariadb-dump. */
  @Test
  void dump_becomes_a_baseline() throws Exception {
    assertAsByTheClient(
        Files.readString(Path.of("src/test/resources/cases/30-mariadb-dump/db/001.sql")));
  }

  /** More of the kind of 30-mariadb-dump: all that mariadb-dump knows to write. */
  @Test
  void dump_of_everything_becomes_a_baseline(@TempDir Path elsewhere) throws Exception {
    String source = database() + "s";
    create(source);
    Path file =
        write(
            elsewhere,
            "source.sql",
            """
            CREATE TABLE item (id int AUTO_INCREMENT PRIMARY KEY, name varchar(60), data blob, end int, KEY k (name)) CHARSET utf8mb4 COMMENT 'it''s; c:\\\\';
            INSERT INTO item VALUES (1, 'a;b', x'00ff', 1), (2, 'it\\'s', NULL, 2), (3, 'back\\\\slash', 'x', 3), (4, 'ünï€😀 -- /* #', 'y', 4);
            CREATE TABLE log (id int, CONSTRAINT f FOREIGN KEY (id) REFERENCES item (id));
            CREATE VIEW v AS SELECT id, CASE end WHEN 1 THEN 'x;' END AS end FROM item;
            CREATE SEQUENCE s START WITH 10;
            DELIMITER //
            CREATE TRIGGER t BEFORE INSERT ON item FOR EACH ROW BEGIN IF NEW.name IS NULL THEN SET NEW.name = 'x;'; END IF; END//
            CREATE TRIGGER u BEFORE INSERT ON item FOR EACH ROW FOLLOWS t SET NEW.end = 5//
            CREATE PROCEDURE p() BEGIN FOR i IN 1..2 DO INSERT INTO item (end) VALUES (i); END FOR; END//
            CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1//
            CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01 00:00:00' DO BEGIN DELETE FROM log; DELETE FROM item; END//
            """);
    Program.run(Map.of(), file, client("mariadb", source));
    for (String options : List.of("--opt", "--skip-opt", "--no-autocommit --tz-utc")) {
      List<String> all =
          new ArrayList<>(List.of("--routines", "--events", "--triggers", "--hex-blob"));
      all.addAll(List.of(options.split(" ")));
      all.add(source);
      createDatabase();
      assertAsByTheClient(
          Program.run(Map.of(), null, client("mariadb-dump", all.toArray(String[]::new))));
      assertThat(query("SELECT count(*) FROM item")).as(options).containsExactly("4");
    }
  }

  /** The dump of a database that was migrated, and of one with its own DROP DATABASE. */
  @Test
  void dump_that_takes_away_the_history_is_refused_before_the_first_statement(
      @TempDir Path elsewhere) throws Exception {
    write(elsewhere, "001.sql", "CREATE TABLE item (id int);");
    migrate(elsewhere);
    write(folder, "000.sql", "CREATE TABLE before_it (id int);");
    for (String options : List.of(database(), "--add-drop-database --databases " + database())) {
      write(
          folder,
          "002.sql",
          Program.run(Map.of(), null, client("mariadb-dump", options.split(" "))));
      assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
          .contains(
              "002.sql, line ",
              options.contains("drop") ? "--add-drop-database" : "--ignore-table");
      assertThat(query("SHOW TABLES LIKE 'before_it'")).isEmpty();
      assertThat(query("SELECT id FROM DATABASECHANGELOG")).containsExactly("001.sql");
    }
  }

  @Test
  void databases_and_histories_that_are_not_ours_may_go() throws Exception {
    String other = database() + "o";
    write(
        folder,
        "001.sql",
        """
        DROP DATABASE IF EXISTS `%1$s`;
        CREATE DATABASE /*!32312 IF NOT EXISTS*/ `%1$s`;
        CREATE DATABASE IF NOT EXISTS `%2$s`;
        DROP TABLE IF EXISTS %1$s.DATABASECHANGELOG;
        USE `%1$s`;
        DROP TABLE IF EXISTS `DATABASECHANGELOG`;
        CREATE TABLE `DATABASECHANGELOG` (id int);
        """
            .formatted(other, database()));
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  private static List<String> column(String name, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = SERVER.connect(name);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    }
    return rows;
  }

  /** What is applied of folders made at random is what the client makes of their files. */
  @Test
  void folders_made_at_random() throws Exception {
    new RandomFolders(new Whole(), PIECES).run(folder);
  }

  private final class Whole implements RandomFolders.Engine {
    @Override
    public void create(String name) {
      MySqlFilesTest.this.create(name);
    }

    @Override
    public void migrate(String name, Path changelog) throws InterruptedException {
      migration(target(name, changelog), MigrationSettings.DEFAULT).migrate(MigrationListener.NONE);
    }

    @Override
    public boolean isInterrupted(String name, Path changelog) throws InterruptedException {
      Migration migration = migration(target(name, changelog), MigrationSettings.DEFAULT);
      return !((Resolvable) migration).interrupted().isEmpty();
    }

    @Override
    public void client(String name, Path file) {
      Program.run(Map.of(), file, MySqlFilesTest.client("mariadb", name));
    }

    @Override
    public List<String> contents(String name) throws SQLException {
      return dump(name);
    }

    @Override
    public List<String> history(String name) throws SQLException {
      return column(
                  name,
                  "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND"
                      + " table_name = 'DATABASECHANGELOG'")
              .contains("0")
          ? List.of()
          : column(name, "SELECT id FROM DATABASECHANGELOG ORDER BY orderexecuted");
    }

    @Override
    public void drop(String name) throws Exception {
      try (Connection connection = SERVER.connect(name);
          Statement statement = connection.createStatement()) {
        statement.execute("DROP DATABASE `" + name + "`");
      }
    }
  }
}
