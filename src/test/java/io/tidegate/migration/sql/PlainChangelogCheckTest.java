package io.tidegate.migration.sql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.problem.ExitCode;
import io.tidegate.target.Changelog;
import io.tidegate.target.Changelog.Format;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a folder of SQL files is refused for before any server is connected to. */
class PlainChangelogCheckTest {
  private static final Path CASES = Path.of("src/test/resources/cases");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "01-goose-down/db|001_alert_silences.sql, line 1|goose",
        "03-dbmate/db|20240101000000_users.sql, line 1|dbmate",
        "04-numeric-order/db|by name 10_alter.sql comes before 9_create.sql|equally many digits",
        "05-flyway-names/db|R__view.sql|Flyway",
        "36-undo-styles/mybatis|1.sql, line 3|MyBatis",
        "36-undo-styles/sqlmigrate|1.sql, line 1|sql-migrate",
        "36-undo-styles/yoyo|0001.create.rollback.sql|yoyo",
        "36-undo-styles/flyway|U1__create.sql|Flyway",
        "59-adopt-flyway/db|V1__init.sql|and so is 1 more file",
      })
  void case_of_another_tool_is_refused_by_name(String folder, String file, String word) {
    assertThat(refused(CASES.resolve(folder))).contains(file).contains(word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"44-odd-names/db", "37-crlf-later/db", "58-plain-file/schema.sql"})
  void case_that_is_right_is_taken(String changelog) {
    assertThat(check(CASES.resolve(changelog))).isEmpty();
  }

  /** Case 52-configmap: links, which no copy of the folder keeps. */
  @Test
  void files_of_a_mounted_config_map_are_taken_once() throws IOException {
    write(folder, "..2026_11_27/001.sql", "CREATE TABLE t (id int);");
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_11_27"));
    Files.createSymbolicLink(folder.resolve("001.sql"), Path.of("..data/001.sql"));
    assertThat(check(folder)).isEmpty();
    assertThat(FolderContent.of(folder).files()).containsExactly("001.sql");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--+GOOSE UP|goose",
        "   -- +goose NO TRANSACTION|goose",
        "-- +migrate Down notransaction|sql-migrate",
        "-- +micrate Up|micrate",
        "--migrate:down transaction:false|dbmate",
        "-- rambler down|rambler",
        "--//@UNDO|MyBatis",
        "-- @UNDO|MyBatis",
        "---- create above / drop below ----|tern",
        "'# --- !Ups'|Play",
        "#--- !Downs|Play",
        "-- !Downs|Play",
        "-- Down Migration|node-pg-migrate",
        "---- up migration|node-pg-migrate",
        "-- Revert flipr:users from pg|Sqitch",
        "-- Deploy appschema to mysql|Sqitch",
        "-- depends: 0001.create|yoyo",
        "--! include functions/f.sql|graphile",
        "-- atlas:txtar|Atlas",
        "-- atlas:delimiter \\n\\n\\n|Atlas",
        "-- depends:|yoyo",
        "--changeset me:1 context:test|Liquibase",
      })
  void line_that_a_tool_gives_a_meaning_to_is_refused(String line, String tool) {
    write(folder, "001.sql", "CREATE TABLE a (id int);\r\n" + line + "\r\nDROP TABLE a;\r\n");
    assertThat(refused(folder)).contains("001.sql, line 2: ").contains(tool);
    // One file, too: only its name is then the user's own word.
    assertThat(refused(folder.resolve("001.sql"))).contains("001.sql, line 2: ").contains(tool);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- Down",
        "--- DOWN ---",
        "-- rollback:",
        "-- @undo",
        "-- Rollback script",
        "-- 1 down",
        "-- migrate down",
        "-- migration: down",
        "-- Rollback migration",
        "-- To rollback:",
        "-- down.sql --",
        "-- +down",
        "-- [down]",
        "-- :down",
        "-- name: down",
        "--!down",
        "-- SQL DOWN",
        "-- ==== DOWN ====",
        "-- unapply",
        "/* Down */",
        "/* !Downs */",
        "/**** ROLLBACK ****/",
        "    /* undo\t*/",
        "# revert",
        "-- Reverse migration",
        "-- Rolling back migration",
        "-- teardown script",
        "-- Tear down: SQL",
        "-- Rollback SQL (run by hand)",
        "-- Down (rollback)",
        "-- Rollback SQL statements",
      })
  void section_that_leads_back_is_refused(String title) {
    write(folder, "001.sql", "-- Up\nCREATE TABLE a (id int);\n" + title + "\n\nDROP TABLE a;\n");
    assertThat(refused(folder)).contains("001.sql, line 3: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/*\n * DOWN\n */", "/*\nRollback\n*/", "-- ====\n-- Down\n-- ===="})
  void title_on_lines_of_its_own_is_refused(String title) {
    write(folder, "001.sql", "CREATE TABLE a (id int);\n" + title + "\nDROP TABLE a;\n");
    assertThat(refused(folder)).contains("001.sql, line ").contains("leads back");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- rollback\n-- DROP TABLE a;\n",
        "-- down the road this becomes a view\nSELECT 1;",
        "-- undo the mistake of last week\nSELECT 1;",
        "-- migrate the rows\nSELECT 1;",
        "SELECT '-- +goose';",
        "-- deploy first: see the wiki\nSELECT 1;",
        "-- rollback plan: none\nSELECT 1;",
        "-- reverse the order\nSELECT 1;",
        "-- reverse\nSELECT 1;",
        "-- Tear down\nSELECT 1;",
        "-- Rollback (not supported)\nSELECT 1;",
        "-- down (to 3) replicas\nSELECT 1;",
        "-- drop the old table\nSELECT 1;",
        "-- To roll back:\n--   DROP TABLE a;\nSELECT 1;",
        "/* To undo: DROP TABLE a; */\nSELECT 1;",
        "/*\n-- Down\nDROP TABLE a;\n*/\nSELECT 1;",
        "SELECT 'a\n-- down\n';\nSELECT 1;",
        "SELECT 1; -- undo\nSELECT 2;",
        "-- atlas:nolint\nSELECT 1;",
        "-- depends: on x\nSELECT 1;",
      })
  void comment_that_only_sounds_so_is_taken(String sql) {
    write(folder, "001.sql", "CREATE TABLE a (id int);\n" + sql);
    assertThat(check(folder)).isEmpty();
  }

  @Test
  void rollback_of_a_formatted_file_is_liquibase_s() {
    write(
        folder,
        "001.sql",
        "--liquibase formatted sql\n--changeset a:1\nCREATE TABLE a (id int);\n--rollback DROP TABLE a;\n");
    assertThat(check(folder)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "001_a.down.sql",
        "001-a-down.sql",
        "001_a_down.sql",
        "001.a.DOWN.SQL",
        "001_a.undo.sql",
        "001.undo.a.sql",
        "001_a.rollback.sql",
        "001_a-rollback.sql",
        "001_a_downgrade.sql",
        "001_a.reverse.sql",
        "001_a.dn.sql",
        "down.sql",
        "rollback_001.sql",
        "revert.sql",
        "U001__a.sql",
        "V1.2__a.sql",
        "v2024_01__a.sql",
        "R__view.sql",
        "B7__baseline.sql",
        "beforeMigrate.sql",
        "afterEachMigrate__grants.sql",
      })
  void name_that_a_tool_gives_a_meaning_to_is_refused(String name) {
    write(folder, "001_a.sql", "SELECT 1;");
    write(folder, name, "SELECT 2;");
    assertThat(refused(folder)).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "002-down-payment.sql",
        "002-sign-up.sql",
        "002-drop.sql",
        "002_undo_log.sql",
        "002-a.up.sql",
        "Verbs__a.sql",
        "002-countdown.sql",
        "001_slow_down.sql",
        "002-scale-down.sql",
        "reverse_geocode.sql",
        "002_a.mysql.sql",
        "001-a_backup.sql",
      })
  void name_that_only_sounds_so_is_taken(String name) {
    write(folder, "001-a.sql", "SELECT 1;");
    write(folder, name, "SELECT 2;");
    assertThat(check(folder)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "001_up_a.sql,001_down_a.sql",
    "001CreateUp.sql,001CreateDown.sql",
    "001_slow.sql,001_slow_down.sql",
    "001_a.sql,001_a_backout.sql",
    "001_a.sql,001_a_unapply.sql",
    "install.mysql.utf8.sql,uninstall.mysql.utf8.sql",
    "schema-postgresql.sql,schema-drop-postgresql.sql",
    "create.sql,drop.sql",
    "1_a.postgres.up.sql,1_a.mysql.up.sql",
    "schema-mariadb.sql,schema-h2.sql",
    "001_a.sql,001_a - Copy.sql",
    "001_a.sql,001_a - Kopie (2).sql",
    "001_a.sql,001_a (1).sql",
    "001_a.sql,001_a copy 2.sql",
    "001_a.sql,Copy of 001_a.sql",
    "001_a.sql,001_A.bak.sql",
    "001_a.sql,001_a.orig.sql",
  })
  void two_names_of_which_only_one_is_meant_to_run_are_refused(String one, String other) {
    write(folder, one, "SELECT 1;");
    write(folder, other, "SELECT 2;");
    assertThat(refused(folder)).contains(one, other, "both would run");
  }

  @ParameterizedTest
  @CsvSource({
    "load.sql,download.sql",
    "001_load.sql,001_download.sql",
    "001_a.sql,002_drop_a.sql",
    "001_list.sql,001_backdrop_list.sql",
    "001_order.sql,001_orderold.sql",
  })
  void two_names_that_only_sound_so_are_taken(String one, String other) {
    write(folder, one, "SELECT 1;");
    write(folder, other, "SELECT 2;");
    assertThat(check(folder)).isEmpty();
  }

  @Test
  void changesets_that_name_their_databases_are_taken() {
    for (String database : List.of("mysql", "h2")) {
      write(
          folder,
          "001-" + database + ".sql",
          "\n\t\n--\tLiquibase formatted SQL\n--changeset a:1 dbms:%s\nSELECT 1;\n-- rollback\nSELECT 2;"
              .formatted(database));
    }
    assertThat(check(folder)).isEmpty();
  }

  @Test
  void name_that_cannot_be_read_is_told_with_the_remedy() {
    write(folder, "001_na\uFFFDve.sql", "SELECT 1;");
    assertThat(refused(folder)).contains("001_na", "LANG=C.UTF-8");
  }

  @ParameterizedTest
  @CsvSource({
    "9_a.sql,10_b.sql",
    "v9.sql,v10.sql",
    "1.9.0-a.sql,1.10.0-a.sql",
    "1_a.sql,002_b.sql",
    "20240101_9.sql,20240101_10.sql",
    "create-2.sql,create-11.sql",
    "99999999999999999999_a.sql,100000000000000000000_b.sql",
    "001_a.sql,001.5_b.sql",
    "001_a.sql,001-1_b.sql",
    "1.0.sql,1.0.1.sql",
    "v1_a.sql,v1.1_b.sql",
    "2024-01-02_a.sql,2024-01-02-1_b.sql",
  })
  void numbers_that_sort_otherwise_than_their_names_are_refused(String first, String second) {
    write(folder, first, "SELECT 1;");
    write(folder, second, "SELECT 2;");
    assertThat(refused(folder)).contains(first, second, "equally many digits");
  }

  @ParameterizedTest
  @CsvSource({"001_a.sql,001_A.sql", "001_a.sql,001_a.SQL", "001_\u00e4.sql,001_\u00c4.sql"})
  void names_that_differ_only_in_letter_case_are_refused(String one, String other) {
    write(folder, one, "SELECT 1;");
    write(folder, other, "SELECT 2;");
    assertThat(refused(folder)).contains(one, other, "letter case");
  }

  @Test
  void numbers_of_one_length_are_taken() {
    for (String name :
        List.of(
            "001_a.sql",
            "001b_a.sql",
            "002-1-x.sql",
            "002-2fa-b.sql",
            "002-404-page.sql",
            "002-users.sql",
            "002_b.sql",
            "010_c.sql",
            "010_d2.sql",
            "010_d2-1.sql",
            "2023-01-01_x.sql",
            "2023-01-02-2-factors.sql",
            "2023-01-02-a.sql",
            "2023-01-02-b.sql",
            "2023-01-15.sql",
            "2023-01-15T1030_y.sql",
            "2023-01-16b_y.sql",
            "20240101-b.sql",
            "20240101.1-c.sql",
            "20240101120000_e.sql",
            "x.sql")) {
      write(folder, name, "SELECT 1;");
    }
    assertThat(check(folder)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "002.sh",
        "002.psql",
        "002.sql.gz",
        "002.SQL.GZ",
        "seed.sh",
        "002.pgsql",
        "002.js",
        "002_a.py",
        "002_a.go",
        "002.txt",
        "002",
        "dump.gz",
        "V2__a.java",
        "002.sql.tmpl",
        "sub/002.sql",
        "sub/deep/a.sql",
        "sub/002.psql",
        "20240101_a/migration.sql",
      })
  void what_may_be_meant_to_run_and_would_not_is_refused(String name) {
    write(folder, "001.sql", "SELECT 1;");
    write(folder, name, "SELECT 2;");
    assertThat(refused(folder))
        .contains(name.contains("/") ? name.substring(0, name.indexOf('/')) : name);
  }

  @Test
  void changelog_of_liquibase_in_the_folder_is_refused() {
    write(folder, "001.sql", "SELECT 1;");
    write(folder, "db.changelog-master.yaml", "databaseChangeLog:\n");
    assertThat(refused(folder)).contains("db.changelog-master.yaml");
  }

  /** Docker makes it where a file is to be mounted that does not exist. */
  @Test
  void folder_with_the_name_of_a_file_is_refused() throws IOException {
    write(folder, "001.sql", "SELECT 1;");
    Files.createDirectory(folder.resolve("002.sql"));
    assertThat(refused(folder)).contains("002.sql").contains("does not exist");
  }

  @ParameterizedTest
  @CsvSource({
    "V1__a.sql,V10__b.sql,V2__c.sql,Flyway",
    "1_a.up.sql,10_b.up.sql,1_a.down.sql,golang-migrate"
  })
  void folder_of_another_tool_is_told_so_whatever_its_numbers_are(
      String first, String second, String third, String tool) {
    List.of(first, second, third).forEach(name -> write(folder, name, "SELECT 1;"));
    assertThat(refused(folder)).contains(tool).doesNotContain("by number");
  }

  @ParameterizedTest
  @CsvSource({
    "5047444d500110,pg_restore",
    "1f8b080000,gunzip",
    "53514c69746520666f726d6174203300,.dump",
    "28b52ffd00,unzstd",
    "504b030400,unzip"
  })
  void file_that_is_no_sql_at_all_is_told_what_makes_sql_of_it(String bytes, String remedy)
      throws IOException {
    Files.write(folder.resolve("001.sql"), HexFormat.of().parseHex(bytes));
    assertThat(refused(folder)).contains("001.sql").contains(remedy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SQLi;", "SQLite;", "PGDM;"})
  void text_that_only_begins_alike_is_text(String text) {
    write(folder, "001.sql", text);
    assertThat(check(folder)).isEmpty();
  }

  @Test
  void link_that_leads_nowhere_is_refused() throws IOException {
    write(folder, "001.sql", "SELECT 1;");
    Files.createSymbolicLink(folder.resolve("002.sql"), Path.of("gone.sql"));
    assertThat(refused(folder)).contains("002.sql").contains("leads nowhere");
  }

  @Test
  void subfolder_behind_a_link_is_refused() throws IOException {
    write(folder, "m/001.sql", "SELECT 1;");
    write(folder, "elsewhere/002.sql", "SELECT 2;");
    Files.createSymbolicLink(folder.resolve("m/sub"), folder.resolve("elsewhere"));
    assertThat(refused(folder.resolve("m"))).contains("sub").contains("002.sql");
  }

  @Test
  void what_surely_does_not_run_is_named() {
    write(folder, "001.sql", "SELECT 1;");
    for (String name :
        List.of(
            "README.md",
            "LICENSE",
            "001.sql.bak",
            "001.sql~",
            "atlas.sum",
            "kustomization.yaml",
            "meta/_journal.json",
            "lost+found/001.sql",
            "embed.go",
            "__init__.py",
            "001_a.md",
            ".002.sql",
            ".gitkeep")) {
      write(folder, name, "{}");
    }
    assertThat(check(folder))
        .containsExactlyInAnyOrder(
            "README.md",
            "LICENSE",
            "001.sql.bak",
            "001.sql~",
            "atlas.sum",
            "kustomization.yaml",
            "meta",
            "lost+found",
            "embed.go",
            "__init__.py",
            "001_a.md",
            ".002.sql");
  }

  @Test
  void many_files_of_one_tool_are_told_in_one_problem() {
    for (int i = 1000; i < 2000; i++) {
      write(folder, i + ".sql", "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n");
    }
    assertThat(refused(folder)).contains("1000.sql, line 1", "and so are 999 more files");
  }

  @Test
  void file_is_read_once_to_recognise_its_folder_and_to_check_it() {
    write(folder, "001.sql", "/* in\n two lines */\nCREATE TABLE t (id int);");
    AtomicInteger read = new AtomicInteger();
    PlainChangelogCheck check =
        new PlainChangelogCheck(
            new Changelog(folder, "", "").as(Format.AUTO),
            text -> {
              read.incrementAndGet();
              return new AnyScript(text);
            });
    assertThat(check.recognised().format()).isEqualTo(Format.PLAIN);
    assertThat(check.check(_ -> true)).isEmpty();
    assertThat(read).hasValue(1);
  }

  private static List<String> check(Path changelog) {
    return new PlainChangelogCheck(new Changelog(changelog, "", ""), AnyScript::new)
        .check(_ -> true);
  }

  private static String refused(Path changelog) {
    return DialectFixture.problem(ExitCode.CHANGELOG, () -> check(changelog));
  }

  /** Knows the comments of every database. */
  private static final class AnyScript extends StatementSplitter {
    AnyScript(Reader in) {
      super(in);
    }

    @Override
    protected boolean atComment() throws IOException {
      return peek(0) == '#' || super.atComment();
    }
  }
}
