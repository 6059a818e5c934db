package io.tidegate.migration.sql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.Migration;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.problem.ExitCode;
import io.tidegate.target.Changelog;
import io.tidegate.target.Changelog.Format;
import io.tidegate.target.Target;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What people bring along: folders, databases and bytes of other tools. Each dialect's test passes it
 * on a real server, and compares the database before and after.
 */
public abstract class BroughtFilesSuite extends DialectFixture {
  private static final Path CASES = Path.of("src/test/resources/cases");

  private static final byte[] FORMATTED =
      "--liquibase formatted sql\n--changeset a:2\n".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] LATIN1 =
      "INSERT INTO city VALUES ('München');\n".getBytes(StandardCharsets.ISO_8859_1);

  /** What stands around a name to keep its letters as they are. */
  protected abstract String quote();

  // Folders of other tools.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-goose-down/db",
        "03-dbmate/db",
        "04-numeric-order/db",
        "05-flyway-names/db",
        "36-undo-styles/mybatis",
        "36-undo-styles/sqlmigrate",
        "36-undo-styles/yoyo",
        "36-undo-styles/flyway",
        "59-adopt-flyway/db",
      })
  void folder_of_another_tool_changes_nothing(String name) throws Exception {
    execute("CREATE TABLE account (id int, balance int)");
    execute("INSERT INTO account VALUES (1, 5), (2, 7)");
    assertUnchangedBy(() -> migrate(CASES.resolve(name)));
    assertUnchangedBy(() -> migration(CASES.resolve(name)).plan());
    assertThat(query("SELECT balance FROM account ORDER BY id")).containsExactly("5", "7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- 1 up\n%s\n-- 1 down\n%s",
        "/* Up */\n%s\n\n/* Down */\n%s",
        "/*\n * UP\n */\n%s\n/*\n * DOWN\n */\n%s",
        "-- migrate up\r\n%s\r\n-- migrate down\r\n%s",
        "-- atlas:txtar\n\n-- migration.sql --\n%s\n\n-- down.sql --\n%s",
        "%s\n\n-- To rollback:\n%s",
      })
  void section_that_leads_back_changes_nothing(String sections) throws Exception {
    execute("CREATE TABLE account (id int, balance int)");
    write(
        folder,
        "001.sql",
        sections.formatted("CREATE TABLE fresh (id int);", "DROP TABLE account;"));
    assertThat(assertUnchangedBy(() -> migrate(folder))).contains("001.sql, line ");
    assertUnchangedBy(() -> migrate(folder.resolve("001.sql")));
    Path including = write(folder, "all.xml", INCLUDING.formatted("001.sql"));
    assertThat(assertUnchangedBy(() -> migrate(including))).contains("001.sql, line ");
    assertUnchangedBy(() -> migration(including).plan());
  }

  @Test
  void folder_in_which_another_has_its_name_is_taken() throws Exception {
    Path changelog = folder.resolve("db");
    write(folder, "db/001.sql", "CREATE TABLE one (id int);");
    write(folder, "db/db/README.md", "Nothing that runs.");
    assertThat(migrate(changelog).applied()).isEqualTo(1);
    assertThat(migrate(changelog).alreadyApplied()).isEqualTo(1);
  }

  /** A mounted folder may change while another migrator holds the lock. */
  @ParameterizedTest
  @CsvSource({
    "001.down.sql,DROP TABLE account",
    "002.sql,-- rollback|DROP TABLE account",
    "002.sql,CREATE TABLE fresh (id int);|-- +goose Down|DROP TABLE account",
  })
  void file_that_arrives_while_a_run_waits_is_looked_at_too(String name, String text)
      throws Exception {
    execute("CREATE TABLE account (id int, balance int)");
    write(folder, "001.sql", "CREATE TABLE one (id int);");
    Migration waiting = migration(folder);
    write(folder, name, text.replace('|', '\n') + ";");
    assertThat(assertUnchangedBy(() -> waiting.migrate(MigrationListener.NONE))).contains(name);
    Files.delete(folder.resolve(name));
    write(folder, "002.sql", "CREATE TABLE two (id int);");
    assertThat(migrate(folder).applied()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1_account.down.sql", "001.undo.sql", "U1__account.sql", "001.rollback.sql"})
  void way_back_that_a_changelog_includes_changes_nothing(String name) throws Exception {
    execute("CREATE TABLE account (id int, balance int)");
    write(folder, "db/" + name, "DROP TABLE account;");
    Path changelog = write(folder, "all.xml", INCLUDING_ALL);
    assertThat(assertUnchangedBy(() -> migrate(changelog))).contains("db/" + name);
  }

  /** A team whose Liquibase has run such files goes on. */
  @Test
  void way_back_that_liquibase_ran_is_no_obstacle() throws Exception {
    write(folder, "db/001_account.sql", "CREATE TABLE account (id int, balance int);");
    write(folder, "db/002_drop_down.sql", "DROP TABLE account;");
    write(folder, "db/003.down.sql", "CREATE TABLE t (id int);");
    write(folder, "all.xml", INCLUDING_ALL);
    plainLiquibase(folder, "all.xml");
    assertThat(migrate(folder.resolve("all.xml")).alreadyApplied()).isEqualTo(3);
  }

  private static final String XML =
      """
      <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
          xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
          xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
          http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
        %s
      </databaseChangeLog>
      """;
  private static final String INCLUDING =
      XML.formatted("<include file=\"%s\" relativeToChangelogFile=\"true\"/>");
  private static final String INCLUDING_ALL =
      XML.formatted("<includeAll path=\"db/\" relativeToChangelogFile=\"true\"/>");

  @ParameterizedTest
  @ValueSource(strings = {"\n\n--liquibase formatted sql\n", "--\tliquibase\tformatted sql\n"})
  void header_that_liquibase_takes_is_taken(String header) throws Exception {
    Path file =
        write(
            folder,
            "001.sql",
            header
                + "--changeset a:1\nCREATE TABLE account (id int);\n--rollback DROP TABLE account;\n");
    assertThat(migrate(file).applied()).isEqualTo(1);
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(1);
    assertThat(query("SELECT count(*) FROM account")).containsExactly("0");
  }

  /** Liquibase passes over it without a word. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE lost (id int);\n--changeset a:1\nCREATE TABLE t (id int);\n",
        "\n--changset a:1\nCREATE TABLE lost (id int);\n",
        "/* a\n b */ CREATE TABLE lost (id int);\n--changeset a:1\nCREATE TABLE t (id int);\n",
      })
  void statement_that_belongs_to_no_changeset_is_refused(String text) throws Exception {
    Path file = write(folder, "001.sql", "--liquibase formatted sql\n" + text);
    assertThat(assertUnchangedBy(() -> migrate(folder)))
        .containsPattern("001.sql, line [234]: .*no changeset");
    assertUnchangedBy(() -> migrate(file));
    Path including = write(folder, "all.yaml", "databaseChangeLog:\n- include: {file: 001.sql}\n");
    assertThat(assertUnchangedBy(() -> migrate(including)))
        .containsPattern("001.sql, line [234]: .*no changeset");
  }

  @Test
  void comments_and_ignored_lines_before_the_first_changeset_are_no_matter() throws Exception {
    write(
        folder,
        "001.sql",
        """
        --liquibase formatted sql
        --property name:x value:1
        /* Copyright,
           all rights reserved. */ -- until the end of the line
        /* one */ /* two
           */
        # of MySQL
        --ignoreLines:1
        not run
        --ignoreLines:start
        not run
        --changeset a:0
        --ignoreLines:end
        -- changeset a:1
        CREATE TABLE t (id int);
        """);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    write(folder, "002.sql", "--liquibase formatted sql\n-- nothing yet\n");
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(1);
  }

  /** Case 58-plain-file. */
  @Test
  void one_plain_file_is_applied_as_one_changeset() throws Exception {
    Path file = CASES.resolve("58-plain-file/schema.sql");
    assertThat(migrate(file).applied()).isEqualTo(1);
    assertThat(migrate(file).alreadyApplied()).isEqualTo(1);
  }

  @Test
  void what_is_left_out_is_named_each_time() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    write(folder, "README.md", "about");
    for (int i = 0; i < 2; i++) {
      List<String> noticed = new ArrayList<>();
      migration(folder).migrate(noticing(noticed));
      assertThat(noticed).anySatisfy(sentence -> assertThat(sentence).contains("README.md"));
    }
  }

  // Histories of other tools.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "schema_migrations|version bigint, dirty int|golang-migrate",
        "flyway_schema_history|installed_rank int, version varchar(50)|Flyway",
        "goose_db_version|id int, version_id bigint, is_applied int, tstamp int|goose",
        "gorp_migrations|id varchar(9), applied_at int|sql-migrate",
        "_prisma_migrations|id varchar(9), migration_name varchar(9)|Prisma",
        "alembic_version|version_num varchar(32)|Alembic",
        "_sqlx_migrations|version bigint|sqlx",
        "knex_migrations|id int, name varchar(9), batch int|Knex",
        "django_migrations|id int, app varchar(9), name varchar(9)|Django",
        "__EFMigrationsHistory|MigrationId varchar(9), ProductVersion varchar(9)|Entity Framework",
        "SequelizeMeta|name varchar(9)|Sequelize",
        "migrations|id int, timestamp bigint, name varchar(9)|TypeORM",
        "migrations|id int, migration varchar(9), batch int|Laravel",
        "play_evolutions|id int, hash varchar(9)|Play",
        "ar_internal_metadata|k varchar(9), v varchar(9)|Rails",
        "changelog|id int, applied_at varchar(9), description varchar(9)|MyBatis",
        "schema_version|version int|tern",
        "pgmigrations|id int, name varchar(9), run_on int|node-pg-migrate",
        "phinxlog|version bigint|Phinx",
        "app_changes|ID int, AUTHOR varchar(9), FILENAME varchar(9), ORDEREXECUTED int, MD5SUM"
            + " varchar(9)|Liquibase",
        "my_flyway|installed_rank int, script varchar(9), checksum int, success int|Flyway",
        "my_goose|version_id int, is_applied int, tstamp int|goose",
        "my_migrations|version bigint, dirty int|golang-migrate",
        "alembic_version_app|version_num varchar(32)|Alembic",
        "app_migrations|id int, name varchar(9), batch int, migration_time int|Knex",
        "typeorm_migrations|id int, timestamp bigint, name varchar(9)|TypeORM",
        "migrations|id varchar(9)|gormigrate",
        "migrations|id varchar(9), applied_at int|sql-migrate",
        "migrations|id int, version int, class int, namespace int, time int, batch int|CodeIgniter",
        "tbl_migration|version varchar(9), apply_time int|Yii",
        "plugin_phinxlog|version int, migration_name int, start_time int, end_time int|Phinx",
        "db_migrations|version bigint, name varchar(9)|morph",
        "db_migration|id int, mtype int, mstatus int, mversion int, mchecksum int|Ebean",
        "schema_migration|version varchar(14)|Pop",
        "changelog|change_number int, complete_dt int, applied_by int, description int|dbdeploy",
        "changelog|version int, checksum int, installed_by int, installed_on int|Evolve",
        "ScriptsRun|id int, script_name varchar(9), text_hash varchar(9)|grate",
        "__yuniql_schema_version|sequence_id int, version varchar(9)|Yuniql",
        "d1_migrations|id int, name varchar(9), applied_at int|Wrangler",
        "strapi_migrations|id int, name varchar(9), time int|Strapi",
        "migration_log|id int, migration_id varchar(9), success int, error int|xorm",
      })
  void history_of_another_tool_is_refused_until_it_is_named(
      String table, String columns, String tool) throws Exception {
    execute("CREATE TABLE account (id int, balance int)");
    execute("INSERT INTO account VALUES (1, 5)");
    execute("CREATE TABLE " + quote() + table + quote() + " (" + columns + ")");
    write(folder, "001.sql", "UPDATE account SET balance = balance * 2;");
    String text = assertUnchangedBy(() -> migrate(folder));
    assertThat(text).contains(tool, table, "TIDEGATE_TARGETS_DB_IGNORE_HISTORY=" + table);
    assertUnchangedBy(() -> migration(folder).plan());
    assertThat(query("SELECT balance FROM account")).containsExactly("5");

    assertUnchangedBy(() -> declared(null, "other").migrate(MigrationListener.NONE));
    assertThat(declared(null, table).migrate(MigrationListener.NONE).applied()).isEqualTo(1);
    // From now on there is a history of ours.
    assertThat(migrate(folder).applied()).isZero();
    assertThat(query("SELECT balance FROM account")).containsExactly("10");
  }

  /** Case 59-adopt-flyway, with names that are taken. */
  @Test
  void files_that_flyway_has_applied_do_not_run_again() throws Exception {
    execute("CREATE TABLE account (id int, balance int)");
    execute("INSERT INTO account VALUES (1, 5)");
    execute(
        "CREATE TABLE flyway_schema_history (installed_rank int, version varchar(50), script"
            + " varchar(100), checksum int, success int)");
    write(folder, "001-init.sql", "SELECT 1;");
    write(folder, "002-double.sql", "UPDATE account SET balance = balance * 2;");
    assertThat(assertUnchangedBy(() -> migrate(folder))).contains("flyway_schema_history");
    assertThat(query("SELECT balance FROM account")).containsExactly("5");
  }

  @Test
  void tables_of_an_app_that_only_sound_so_are_no_history() throws Exception {
    execute("CREATE TABLE changelog (id int, author varchar(9), note varchar(9))");
    execute("CREATE TABLE migrations (id int, bird varchar(9), destination varchar(9))");
    execute("CREATE TABLE schema_versions (id int)");
    execute("CREATE TABLE migration_log (id int, species varchar(9))");
    execute("CREATE TABLE bird_migrations (id int, name varchar(9), distance int)");
    execute("CREATE TABLE schema_migration (version int, note varchar(9))");
    execute("CREATE TABLE sighting (id int, timestamp bigint, name varchar(9))");
    execute("CREATE TABLE document (version int, version_num int)");
    execute("CREATE TABLE page (version int, dirty int, body varchar(9))");
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  @Test
  void history_that_knows_nothing_of_the_changelog_does_not_hide_another_tool_s() throws Exception {
    execute("CREATE TABLE account (id int, balance int)");
    execute("INSERT INTO account VALUES (1, 5)");
    write(folder, "other/001-keycloak.sql", "CREATE TABLE realm (id int);");
    migrate(folder.resolve("other"));
    Files.delete(folder.resolve("other/001-keycloak.sql"));
    Files.delete(folder.resolve("other"));
    execute("CREATE TABLE schema_migrations (version bigint, dirty int)");
    write(folder, "001.sql", "UPDATE account SET balance = balance * 2;");
    assertThat(assertUnchangedBy(() -> migrate(folder))).contains("schema_migrations");
    assertUnchangedBy(() -> migration(folder).plan());
    assertThat(declared(null, "schema_migrations").migrate(MigrationListener.NONE).applied())
        .isEqualTo(1);
    write(folder, "002.sql", "CREATE TABLE t (id int);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT balance FROM account")).containsExactly("10");
  }

  @Test
  void empty_history_does_not_hide_another_tool_s() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    migrate(folder);
    execute("DELETE FROM DATABASECHANGELOG");
    execute("DROP TABLE t");
    execute("CREATE TABLE schema_migrations (version bigint, dirty int)");
    assertThat(assertUnchangedBy(() -> migrate(folder))).contains("schema_migrations");
    execute("DROP TABLE schema_migrations");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  @Test
  void history_that_another_app_keeps_with_liquibase_is_shared() throws Exception {
    write(folder, "other/001-keycloak.sql", "CREATE TABLE realm (id int);");
    migrate(folder.resolve("other"));
    write(folder, "own/001.sql", "CREATE TABLE t (id int);");
    assertThat(migrate(folder.resolve("own")).applied()).isEqualTo(1);
  }

  // Bytes.

  /** Case 06-latin1. */
  @Test
  void latin1_is_refused_by_file_and_line_and_taken_where_it_is_declared() throws Exception {
    Path cities = CASES.resolve("06-latin1/db");
    assertThat(assertUnchangedBy(() -> migrate(cities)))
        .contains("001.sql, line 2: ", "not UTF-8", "encoding");
    Target target = declaredTarget(cities, StandardCharsets.ISO_8859_1);
    assertThat(migrate(target)).isEqualTo(1);
    assertThat(query("SELECT name FROM city")).containsExactly("München");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"windows-1252", "Shift_JIS", "UTF-16LE", "UTF-16BE", "ISO-8859-15", "GB18030"})
  void declared_encoding_gives_the_same_value(String encoding) throws Exception {
    Charset charset = Charset.forName(encoding);
    String value = charset.newEncoder().canEncode('語') ? "日本語" : "Zoë";
    String sql =
        "CREATE TABLE city (name varchar(50));\nINSERT INTO city VALUES ('" + value + "');\n";
    bytes("001.sql", sql.getBytes(charset));
    assertUnchangedBy(() -> migrate(folder));
    assertThat(migrate(declaredTarget(folder, charset))).isEqualTo(1);
    assertThat(query("SELECT name FROM city")).containsExactly(value);
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8,efbbbf",
    "UTF-16LE,fffe",
    "UTF-16BE,feff",
    "UTF-32LE,fffe0000",
    "UTF-32BE,0000feff"
  })
  void byte_order_mark_says_the_encoding(String encoding, String mark) throws Exception {
    byte[] text =
        "CREATE TABLE city (name varchar(50));\r\nINSERT INTO city VALUES ('Zoë 日本');"
            .getBytes(Charset.forName(encoding));
    byte[] start = HexFormat.of().parseHex(mark);
    byte[] all = Arrays.copyOf(start, start.length + text.length);
    System.arraycopy(text, 0, all, start.length, text.length);
    bytes("001.sql", all);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT name FROM city")).containsExactly("Zoë 日本");
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "c3,1", // cut off in the middle of a letter
    "0a0ac328,3",
    "0aeda080,2", // half of a surrogate pair
    "c080,1", // zero in two bytes
    "0a0a0af8888080,4",
    "0a00,2", // a zero byte
  })
  void bytes_that_are_no_text_are_refused_by_file_and_line(String hex, int line) throws Exception {
    write(folder, "001.sql", "CREATE TABLE first_one (id int);");
    bytes("002.sql", HexFormat.of().parseHex(hex));
    assertThat(assertUnchangedBy(() -> migrate(folder))).contains("002.sql, line " + line + ": ");
  }

  @Test
  void malformed_byte_far_behind_in_a_large_file_is_found() throws Exception {
    byte[] large =
        "-- ü filling, filling, filling\n".repeat(20_000).getBytes(StandardCharsets.UTF_8);
    large[large.length - 2] = (byte) 0xff;
    bytes("001.sql", large);
    assertThat(assertUnchangedBy(() -> migrate(folder))).contains("001.sql, line 20000: ");
  }

  /** Case 30c-mysqldump-blob. */
  @Test
  void dump_with_raw_blobs_is_refused_with_what_to_do() throws Exception {
    Path dump = CASES.resolve("30c-mysqldump-blob/db");
    assertThat(assertUnchangedBy(() -> migrate(dump))).contains("001.sql, line ", "--hex-blob");
    Target target = declaredTarget(dump, StandardCharsets.ISO_8859_1);
    assertThat(assertUnchangedBy(() -> migrate(target))).contains("001.sql, line ", "--hex-blob");
  }

  @Test
  void malformed_bytes_of_a_formatted_file_are_refused() throws Exception {
    bytes("root.sql", concat(FORMATTED, LATIN1));
    Path changelog = folder.resolve("root.sql");
    assertThat(assertUnchangedBy(() -> migrate(changelog))).contains("root.sql, line 3: ");
  }

  @Test
  void malformed_bytes_of_an_included_file_are_refused() throws Exception {
    bytes("data.sql", concat(FORMATTED, LATIN1));
    assertRefusedUntilDeclared(
        """
        databaseChangeLog:
          - changeSet: {id: 1, author: a, changes: [{sql: {sql: CREATE TABLE city (name text)}}]}
          - include: {file: data.sql}
        """,
        "data.sql, line 3: ");
  }

  @Test
  void malformed_bytes_of_a_named_sql_file_are_refused() throws Exception {
    bytes("data.sql", LATIN1);
    assertRefusedUntilDeclared(
        """
        databaseChangeLog:
          - changeSet: {id: 1, author: a, changes: [{sql: {sql: CREATE TABLE city (name text)}}]}
          - changeSet: {id: 2, author: a, changes: [{sqlFile: {path: data.sql}}]}
        """,
        "data.sql, line 1: ");
  }

  @Test
  void encoding_that_the_changelog_declares_itself_is_left_to_it() throws Exception {
    bytes("data.sql", LATIN1);
    Path changelog =
        write(
            folder,
            "master.yaml",
            """
            databaseChangeLog:
              - changeSet: {id: 1, author: a, changes: [{sql: {sql: CREATE TABLE city (name text)}}]}
              - changeSet:
                  {id: 2, author: a, changes: [{sqlFile: {path: data.sql, encoding: ISO-8859-1}}]}
            """);
    assertThat(migrate(changelog).applied()).isEqualTo(2);
    assertThat(query("SELECT name FROM city")).containsExactly("München");
  }

  private void assertRefusedUntilDeclared(String yaml, String where) throws Exception {
    Path changelog = write(folder, "master.yaml", yaml);
    assertThat(assertUnchangedBy(() -> migrate(changelog))).contains(where);
    assertThat(migrate(declaredTarget(changelog, StandardCharsets.ISO_8859_1))).isEqualTo(2);
    assertThat(query("SELECT name FROM city")).containsExactly("München");
  }

  // Empty files.

  /** Cases 15-empty-and-comment and 27-empty. */
  @Test
  void empty_file_is_a_changeset_with_nothing_in_it() throws Exception {
    Path odd = CASES.resolve("15-empty-and-comment/db");
    assertThat(migrate(odd).applied()).isEqualTo(5);
    assertThat(query("SELECT count(*) FROM u16")).containsExactly("0");
    assertThat(query("SELECT count(*) FROM bom")).containsExactly("0");
    assertThat(migrate(odd).alreadyApplied()).isEqualTo(5);
    assertThat(migration(odd).status().pending()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n\t\r\n", "\uFEFF", "\uFEFF\n", "-- tidegate: no-transaction\n"})
  void file_without_a_statement_is_applied_once(String text) throws Exception {
    write(folder, "001.sql", text);
    write(folder, "002.sql", "CREATE TABLE t (id int);");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\uFEFF", "-- nothing yet\n"})
  void one_file_without_a_statement_is_applied_once(String text) throws Exception {
    Path file = write(folder, "schema.sql", text);
    migrate(file);
    assertThat(migrate(file).applied()).isZero();
    assertThat(migration(file).status().pending()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"UTF-8,efbbbf", "UTF-16LE,fffe", "UTF-16BE,feff"})
  void byte_order_mark_of_one_plain_file_says_the_encoding(String encoding, String mark)
      throws Exception {
    byte[] text =
        "CREATE TABLE city (name varchar(50));\r\nINSERT INTO city VALUES ('Zoë 日本');\r\n"
            .getBytes(Charset.forName(encoding));
    bytes("schema.sql", concat(HexFormat.of().parseHex(mark), text));
    Path file = folder.resolve("schema.sql");
    assertThat(migrate(file).applied()).isEqualTo(1);
    assertThat(query("SELECT name FROM city")).containsExactly("Zoë 日本");
    assertThat(migrate(file).applied()).isZero();
  }

  @Test
  void one_plain_file_in_a_declared_encoding_gives_the_same_value() throws Exception {
    Path file = CASES.resolve("06-latin1/db/001.sql");
    assertThat(assertUnchangedBy(() -> migrate(file))).contains("001.sql, line 2: ");
    assertThat(migrate(declaredTarget(file, StandardCharsets.ISO_8859_1))).isEqualTo(1);
    assertThat(query("SELECT name FROM city")).containsExactly("München");
  }

  @Test
  void file_that_is_not_there_is_told_with_who_names_it() throws Exception {
    write(folder, "there.yaml", "databaseChangeLog: []\n");
    Path master =
        write(
            folder,
            "master.yaml",
            """
            databaseChangeLog:
              - include: {file: there.yaml}
              - include: {file: nope.yaml, relativeToChangelogFile: true}
            """);
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(master)))
        .contains("master.yaml: there is no file nope.yaml", folder.toString(), "changelog-root")
        .doesNotContain("searchPath");
    write(
        folder,
        "master.yaml",
        """
        databaseChangeLog:
          - changeSet: {id: 1, author: a, changes: [{sqlFile: {path: nope.sql}}]}
        """);
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(master)))
        .contains("master.yaml::1::a: there is no file nope.sql", "changelog-root")
        .doesNotContain("searchPath");
  }

  @Test
  void every_statement_of_a_plain_file_that_a_changelog_includes_runs() throws Exception {
    write(
        folder,
        "data.sql",
        "CREATE TABLE a (id int);\n\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\n");
    Path changelog =
        write(folder, "master.yaml", "databaseChangeLog:\n  - include: {file: data.sql}\n");
    assertThat(migrate(changelog).applied()).isEqualTo(1);
    assertThat(query("SELECT id FROM a ORDER BY id")).containsExactly("1", "2");
    assertThat(migrate(changelog).alreadyApplied()).isEqualTo(1);
    assertThat(migration(changelog).status().changed()).isEmpty();
    write(folder, "data.sql", "CREATE TABLE a (id int);\n\nINSERT INTO a VALUES (1);\n");
    assertUnchangedBy(() -> migrate(changelog));
  }

  // Renames.

  @Test
  void renamed_file_with_the_same_content_is_a_doubt() throws Exception {
    write(folder, "1_account.sql", "CREATE TABLE account (id int, balance int);");
    write(folder, "2_fill.sql", "INSERT INTO account VALUES (1, 5);");
    migrate(folder);
    Files.move(folder.resolve("2_fill.sql"), folder.resolve("002_fill.sql"));
    Files.move(folder.resolve("1_account.sql"), folder.resolve("001_account.sql"));
    String text = assertUnchangedBy(() -> migrate(folder));
    assertThat(text).contains("001_account.sql", "1_account.sql", "002_fill.sql", "2_fill.sql");
    assertUnchangedBy(() -> migration(folder).plan());
    // The way out that the problem names.
    for (String line : text.lines().toList()) {
      execute(line.substring(line.indexOf("UPDATE "), line.lastIndexOf('\'') + 1));
    }
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(2);
    assertThat(query("SELECT count(*) FROM account")).containsExactly("1");
  }

  @Test
  void new_file_is_no_rename_because_it_says_the_same_as_one_that_is_there() throws Exception {
    write(folder, "001.sql", "CREATE TABLE account (id int, balance int);");
    write(folder, "002.sql", "INSERT INTO account VALUES (1, 5);");
    migrate(folder);
    write(folder, "003.sql", "INSERT INTO account VALUES (1, 5);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  @Test
  void empty_file_is_no_rename_of_another() throws Exception {
    write(folder, "001.sql", "CREATE TABLE account (id int, balance int);");
    write(folder, "002.sql", "");
    migrate(folder);
    Files.delete(folder.resolve("002.sql"));
    write(folder, "003.sql", "");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  @Test
  void renamed_changelog_of_liquibase_with_the_same_content_is_a_doubt() throws Exception {
    String text =
        """
        --liquibase formatted sql
        --changeset a:1
        CREATE TABLE account (id int);
        --changeset a:2
        INSERT INTO account VALUES (1);
        """;
    migrate(write(folder, "old.sql", text));
    Path renamed = write(folder, "new.sql", text);
    assertThat(assertUnchangedBy(() -> migrate(renamed))).contains("old.sql", "new.sql");
    assertThat(query("SELECT count(*) FROM account")).containsExactly("1");
  }

  // The same under another name.

  @Test
  void file_renamed_in_letter_case_is_a_doubt() throws Exception {
    execute("CREATE TABLE account (id int, balance int)");
    execute("INSERT INTO account VALUES (1, 5)");
    write(folder, "001_a.sql", "UPDATE account SET balance = balance * 2;");
    migrate(folder);
    Files.move(folder.resolve("001_a.sql"), folder.resolve("001_A.SQL"));
    for (int i = 0; i < 2; i++) {
      assertThat(assertUnchangedBy(() -> migrate(folder))).contains("001_a.sql", "001_A.SQL");
    }
    write(folder, "001_A.SQL", "UPDATE account SET balance = 0;");
    assertThat(assertUnchangedBy(() -> migrate(folder))).contains("001_a.sql", "001_A.SQL");
    assertThat(query("SELECT balance FROM account")).containsExactly("10");
    assertThat(query("SELECT count(*) FROM DATABASECHANGELOG")).containsExactly("1");
  }

  @ParameterizedTest
  @CsvSource({"a:x,a:X", "a:x,A:x"})
  void changesets_that_differ_only_in_letter_case_never_share_a_row(String one, String other)
      throws Exception {
    String text = "--liquibase formatted sql\n--changeset %s\nCREATE TABLE t (id int);\n";
    Path file = write(folder, "root.sql", text.formatted(one));
    migrate(file);
    write(folder, "root.sql", text.formatted(other));
    assertThat(assertUnchangedBy(() -> migrate(file))).contains(one.substring(2), "letter case");
    write(
        folder,
        "root.sql",
        text.formatted(one) + "--changeset %s\nCREATE TABLE u (id int);\n".formatted(other));
    assertThat(assertUnchangedBy(() -> migrate(file))).contains("letter case");
  }

  @Test
  void changesets_of_one_changelog_that_differ_only_in_letter_case_are_refused() throws Exception {
    Path file =
        write(
            folder,
            "root.sql",
            """
            --liquibase formatted sql
            --changeset a:x
            CREATE TABLE t (id int);
            --changeset a:X
            CREATE TABLE u (id int);
            """);
    assertThat(assertUnchangedBy(() -> migrate(file)))
        .contains("root.sql::x::a", "root.sql::X::a", "letter case");
  }

  @Test
  void changeset_for_another_database_may_differ_only_in_letter_case() throws Exception {
    Path file =
        write(
            folder,
            "root.sql",
            """
            --liquibase formatted sql
            --changeset a:x
            CREATE TABLE t (id int);
            --changeset a:X dbms:oracle
            CREATE TABLE u (id int);
            """);
    assertThat(migrate(file).applied()).isEqualTo(1);
    assertThat(migrate(file).applied()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\n\n-- and more\n"})
  void file_that_ran_by_itself_is_a_doubt_in_its_folder(String end) throws Exception {
    execute("CREATE TABLE account (id int, balance int)");
    execute("INSERT INTO account VALUES (1, 5)");
    Path file = write(folder, "001_a.sql", "UPDATE account SET balance = balance * 2;" + end);
    migrate(file);
    write(folder, "002_b.sql", "CREATE TABLE b (id int);");
    String text = assertUnchangedBy(() -> migrate(folder));
    assertThat(text).contains("001_a.sql::raw::includeAll", "with the same content");
    assertUnchangedBy(() -> migration(folder).plan());
    assertThat(query("SELECT balance FROM account")).containsExactly("10");
    // The way out that the problem names.
    execute(text.substring(text.indexOf("UPDATE "), text.lastIndexOf('\'') + 1));
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT balance FROM account")).containsExactly("10");
  }

  @Test
  void folder_whose_files_a_changelog_included_is_a_doubt() throws Exception {
    write(folder, "db/001_a.sql", "CREATE TABLE account (id int, balance int);");
    write(folder, "db/002_b.sql", "INSERT INTO account VALUES (1, 5);");
    migrate(write(folder, "master.xml", INCLUDING_ALL));
    assertThat(assertUnchangedBy(() -> migrate(folder.resolve("db"))))
        .contains("db/001_a.sql::raw::includeAll", "db/002_b.sql::raw::includeAll");
    write(folder, "db/002_b.sql", "INSERT INTO account VALUES (2, 5);");
    assertThat(assertUnchangedBy(() -> migrate(folder.resolve("db"))))
        .contains("with other content");
    assertThat(query("SELECT id FROM account")).containsExactly("1");
  }

  @Test
  void plain_file_that_became_a_formatted_one_is_a_doubt() throws Exception {
    execute("CREATE TABLE account (id int, balance int)");
    execute("INSERT INTO account VALUES (1, 5)");
    String sql = "UPDATE account SET balance = balance * 2;\n";
    write(folder, "001_a.sql", sql);
    migrate(folder);
    write(folder, "001_a.sql", "--liquibase formatted sql\n--changeset me:1\n" + sql);
    assertThat(assertUnchangedBy(() -> migrate(folder)))
        .contains("001_a.sql::1::me", "001_a.sql::001_a.sql::tidegate");
    assertThat(query("SELECT balance FROM account")).containsExactly("10");
  }

  @Test
  void formatted_file_that_became_a_plain_one_is_a_doubt() throws Exception {
    execute("CREATE TABLE account (id int, balance int)");
    execute("INSERT INTO account VALUES (1, 5)");
    String sql = "UPDATE account SET balance = balance * 2;\n";
    write(folder, "001_a.sql", "--liquibase formatted sql\n--changeset me:1\n" + sql);
    migrate(folder);
    write(folder, "001_a.sql", sql);
    assertThat(assertUnchangedBy(() -> migrate(folder))).contains("001_a.sql::1::me");
    assertThat(query("SELECT balance FROM account")).containsExactly("10");
  }

  @Test
  void file_of_another_folder_with_the_same_name_and_other_content_is_another() throws Exception {
    write(folder, "one/001.sql", "CREATE TABLE one (id int);");
    write(folder, "one.yaml", "databaseChangeLog:\n  - include: {file: one/001.sql}\n");
    write(folder, "two/001.sql", "CREATE TABLE two (id int);");
    write(folder, "two.yaml", "databaseChangeLog:\n  - include: {file: two/001.sql}\n");
    assertThat(migrate(folder.resolve("one.yaml")).applied()).isEqualTo(1);
    assertThat(migrate(folder.resolve("two.yaml")).applied()).isEqualTo(1);
  }

  @Test
  void file_that_was_changed_is_told_without_advice_that_no_plain_file_can_follow()
      throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    migrate(folder);
    write(folder, "001.sql", "CREATE TABLE u (id int);");
    assertThat(assertUnchangedBy(() -> migrate(folder)))
        .contains("changed after it was applied", "into a new file")
        .doesNotContain("validCheckSum");
  }

  // Our own tables.

  /** As in the dump of a database that was migrated. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE IF EXISTS DATABASECHANGELOG",
        "DROP TABLE other, %1$sDATABASECHANGELOGLOCK%1$s",
        "CREATE TABLE tidegate_intent (id int)",
        "create table if not exists %1$stidegate_fingerprint%1$s (id int)",
        "INSERT INTO databasechangelog VALUES (1)",
      })
  void file_that_changes_our_own_tables_is_refused_before_the_first_statement(String statement)
      throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    write(folder, "002.sql", "SELECT 1;\n\n" + statement.formatted(quote()) + ";\n");
    assertThat(assertUnchangedBy(() -> migrate(folder)))
        .contains("002.sql, line 3: ", "--ignore-table", "pg_dump");
    assertUnchangedBy(() -> migration(folder).plan());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE my_databasechangelog (id int)",
        "CREATE TEMPORARY TABLE tidegate (id int)",
        "CREATE VIEW changes AS SELECT id FROM DATABASECHANGELOG",
        "CREATE TABLE copied AS SELECT id FROM DATABASECHANGELOG",
        "UPDATE DATABASECHANGELOG SET comments = 'x' WHERE id = 'y'",
      })
  void file_that_only_names_our_own_tables_runs(String statement) throws Exception {
    write(folder, "001.sql", statement + ";");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  private String assertUnchangedBy(ThrowingCallable call) throws SQLException {
    List<String> before = query(databases().tablesQuery());
    String text = problem(ExitCode.CHANGELOG, call);
    assertThat(query(databases().tablesQuery())).isEqualTo(before);
    return text;
  }

  private Migration declared(@Nullable Charset encoding, String ignored) {
    Target target = target(database(), folder);
    return migration(
        SqlTargets.with(
            target, new Changelog(folder, "", "", encoding, Set.of(ignored), null, Format.PLAIN)),
        MigrationSettings.DEFAULT);
  }

  private Target declaredTarget(Path changelog, Charset encoding) {
    return SqlTargets.with(
        target(database(), changelog),
        new Changelog(changelog, "", "", encoding, Set.of(), null, Format.PLAIN));
  }

  private int migrate(Target target) throws InterruptedException {
    return migration(target, MigrationSettings.DEFAULT).migrate(MigrationListener.NONE).applied();
  }

  private void bytes(String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
