package io.tidegate.engine.postgres;

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
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What plain files make of a database: as expected, and where psql is installed, as psql makes it of
 * the same file.
 */
class PostgresFilesTest extends DialectFixture {
  private static final List<String> PIECES =
      List.of(
          "CREATE FUNCTION f{k}() RETURNS int LANGUAGE sql AS $$ SELECT 1; SELECT {k} $$;",
          "CREATE FUNCTION g{k}() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT {k}; END;",
          "DO $x$ BEGIN PERFORM 1; END; $x$;",
          "COPY t{o} (id, s) FROM stdin;\n{k}\tcopied; row\n\\.\n",
          "INSERT INTO t{o} (id, s) VALUES ({k}, E'it\\'s; \\\\');",
          "SET search_path = pg_catalog, public;",
          "SET TIME ZONE 'Asia/Kolkata'; INSERT INTO t{o} (id, s) VALUES ({k}, '2026-01-01 00:00'::timestamptz::text);",
          "CREATE RULE r{k} AS ON DELETE TO t{o} DO ALSO (SELECT 1; SELECT 2);");

  private static final PostgresServer SERVER = new PostgresServer();

  @RegisterExtension static final PostgresDatabases DATABASES = new PostgresDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  /** Tables with their columns, indexes, constraints, views, functions, triggers and rules. */
  private static final String SCHEMA =
      """
      SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'databasechange%'
         AND table_name NOT LIKE 'tidegate_%'
      UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
         AND tablename NOT LIKE 'databasechange%' AND tablename NOT LIKE 'tidegate_%'
      UNION ALL SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p
        JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'
      UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
      UNION ALL SELECT 'rule ' || pg_get_ruledef(r.oid) FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class
        JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'
      UNION ALL SELECT 'label ' || enumlabel FROM pg_enum
      UNION ALL SELECT 'sequence ' || sequencename || ' ' || coalesce(last_value, 0) FROM pg_sequences
      ORDER BY 1
      """;

  /** Applies it as the only file of a changelog, and by psql to another database. */
  private void assertAsByPsql(String sql) throws Exception {
    Path file = write(folder, "001.sql", sql);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    Optional<String> psql = Program.installed("psql");
    if (psql.isPresent()) {
      String other = database() + "c";
      create(other);
      psql(psql.get(), other, file);
      assertThat(contents(database())).isEqualTo(contents(other));
    }
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(1);
  }

  private static void psql(String psql, String name, Path file) {
    Program.run(
        Map.of("PGPASSWORD", PostgresServer.PASSWORD),
        null,
        psql,
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        "--host=127.0.0.1",
        "--port=" + SERVER.port(),
        "--username=" + PostgresServer.USER,
        "--dbname=" + name,
        "--file=" + file);
  }

  private static List<String> contents(String name) throws SQLException {
    List<String> all = new ArrayList<>(column(name, SCHEMA));
    for (String table :
        column(
            name,
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename"
                + " NOT LIKE 'databasechange%' AND tablename NOT LIKE 'tidegate_%' ORDER BY 1")) {
      column(name, "SELECT t::text FROM " + table + " t ORDER BY 1")
          .forEach(row -> all.add(table + " " + row));
    }
    return all;
  }

  private static List<String> column(String name, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = SERVER.connect(name);
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    }
    return rows;
  }

  private String refused(String sql) throws SQLException {
    write(folder, "001.sql", "CREATE TABLE before_it (id int);\n" + sql);
    String said = problem(ExitCode.CHANGELOG, () -> migrate(folder));
    assertThat(query("SELECT tablename FROM pg_tables WHERE tablename = 'before_it'"))
        .as(said)
        .isEmpty();
    return said;
  }

  /** Case 09c-begin-atomic. */
  @Test
  void bodies_in_sql_are_followed_by_further_statements() throws Exception {
    assertAsByPsql(
        """
        CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END;
        CREATE TABLE a(id int);
        create or replace procedure p(x int) language sql begin atomic
          insert into a values (case when x > 1 then 2 else 3 end);
          insert into a select case x when 1 then 5 end;
        end;
        CALL p(1);
        CREATE TABLE begin_ ("begin" int, "end;" text);
        INSERT INTO begin_ VALUES (f(), 'CREATE FUNCTION BEGIN');
        """);
    assertThat(query("SELECT id FROM a ORDER BY 1")).containsExactly("3", "5");
  }

  @Test
  void comment_in_a_body_is_no_section_that_leads_back() throws Exception {
    String function =
        """
        CREATE TABLE a(id int);
        CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $f$
        BEGIN
          INSERT INTO a VALUES (1);
        EXCEPTION WHEN others THEN
        -- rollback
          INSERT INTO a VALUES ('2');
        END $f$;
        INSERT INTO a VALUES (3); -- undo
        SELECT f();
        """;
    assertAsByPsql(function);
    assertThat(query("SELECT id FROM a ORDER BY 1")).containsExactly("1", "3");
    write(folder, "002.sql", "SELECT $$\n$$;\n-- rollback\nDROP TABLE a;\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("002.sql, line 3");
  }

  /** Case 11-create-rule. */
  @Test
  void semicolons_in_parentheses_stay_together() throws Exception {
    assertAsByPsql(
        """
        CREATE TABLE a(id int);
        CREATE TABLE b(id int);
        CREATE RULE r AS ON INSERT TO a DO ALSO (INSERT INTO b VALUES (NEW.id); INSERT INTO b VALUES (NEW.id + 1););
        INSERT INTO a VALUES (1);
        """);
    assertThat(query("SELECT id FROM b ORDER BY 1")).containsExactly("1", "2");
  }

  @Test
  void every_kind_of_quote() throws Exception {
    assertAsByPsql(
        """
        CREATE TABLE t (id serial, s text); -- not; here
        /* nor /* here; */ ; */
        INSERT INTO t (s) VALUES ('it''s;'), (E'it\\'s;'), ('c:\\'), ($$it's; "$$), ($a$ $$;$$ $b$ ; $a$), (U&'d\\0061t;');
        SET standard_conforming_strings = off;
        INSERT INTO t (s) VALUES ('it\\'s;');
        SET standard_conforming_strings = on;
        INSERT INTO t (s) VALUES ('d:\\'); INSERT INTO t(s) VALUES ('x'||'y');;
        CREATE FUNCTION a$b$() RETURNS int LANGUAGE plpgsql AS $_1$ BEGIN RETURN 1; END; $_1$;
        DO $do$ BEGIN INSERT INTO t (s) VALUES ('do;'); END $do$;
        SELECT '{"a": 1}'::jsonb ? 'a', '[1]'::jsonb @> '1', 5--3;
        ;
        CREATE VIEW w AS SELECT '{"a": 1}'::jsonb ? 'a' AS has, '{"a": 1}'::jsonb ?| array['b'] AS any;
        """);
  }

  @Test
  void carriage_return_ends_a_comment() throws Exception {
    assertAsByPsql(
        """
        -- first\rCREATE TABLE a( -- the\r id int);\r-- note\rINSERT INTO a VALUES (1);\r
        CREATE TABLE b(t text);
        INSERT INTO b VALUES ('a -- not\rhere' -- but\r'; and on');
        """);
    assertThat(query("SELECT id FROM a")).containsExactly("1");
  }

  @Test
  void statement_in_the_line_of_a_copy_is_not_lost() throws Exception {
    assertThat(refused("COPY before_it FROM stdin; -- rows\rSELECT 1;\n1\n\\.\n"))
        .contains("line 2", "the rows of COPY begin in the next line");
  }

  @Test
  void rows_of_a_long_list_of_columns_come_to_the_client() throws Exception {
    assertAsByPsql(
        """
        CREATE TABLE p(a int, b int, c int, d int, e int, f int, g int, h int, i int, j int, k int, l int);
        INSERT INTO p(a) SELECT generate_series(1, 1000);
        COPY p(a, b, c, d, e, f, g, h, i, j, k, l) TO STDOUT;
        COPY (SELECT a, b, c, d, e, f, g, h, i, j, k, l FROM p) TO stdout WITH CSV;
        CREATE TABLE q(a int);
        """);
  }

  /** As the server reads it; psql takes every line for a text without an E before it. */
  @Test
  void text_that_goes_on_in_another_line_keeps_its_rules() throws Exception {
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE t(s text);
        INSERT INTO t VALUES (E'a'
          'b\\'c;d'), (e'e' -- and; 'on
          -- again
          'f\\';g'), ('h'
          'i\\');
        SET standard_conforming_strings = off; INSERT INTO t VALUES ('l'
          'm\\';n');
        """);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT s FROM t ORDER BY 1"))
        .containsExactly("ab'c;d", "ef';g", "hi\\", "lm';n");
  }

  @Test
  void statement_that_fails_is_named() throws Exception {
    write(
        folder,
        "001.sql",
        "CREATE TABLE a (id int);\n\n-- a comment\nINSERT INTO a VALUES ('x');\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("001.sql", "statement 2 in line 4", "invalid input syntax");
    assertThat(query("SELECT to_regclass('a') IS NULL")).containsExactly("t");
  }

  /** Case 07-copy-stdin. */
  @Test
  void rows_of_copy_are_loaded() throws Exception {
    assertAsByPsql(
        """
        CREATE TABLE currency (id int, code text);
        COPY currency (id, code) FROM stdin;
        1\tEUR
        2\tU;S'D
        3\t\\N
        \\.
        SELECT count(*) FROM currency;
        copy public.currency from STDIN;
        4\ta;
        \\.
        COPY currency FROM stdin;
        \\.
        COPY currency TO STDOUT;
        COPY currency FROM stdin;
        5\tlast, and the file ends
        """);
    assertThat(query("SELECT count(*) FROM currency")).containsExactly("5");
  }

  @Test
  void wrong_row_of_copy_is_named_and_nothing_stays() throws Exception {
    write(
        folder, "001.sql", "CREATE TABLE a (id int);\nCOPY a FROM stdin;\n1\nx\n\\.\nSELECT 1;\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("statement 2 in line 2", "invalid input syntax");
    assertThat(query("SELECT to_regclass('a') IS NULL")).containsExactly("t");
  }

  @Test
  void commands_of_psql_are_refused_before_the_first_statement() throws Exception {
    assertThat(refused("\\i other.sql\n")).contains("001.sql", "line 2", "\\i");
    assertThat(refused("SELECT 1 \\gexec\n")).contains("line 2", "\\gexec");
    assertThat(refused("\\connect other\n")).contains("\\connect", "--create");
    assertThat(refused("SELECT 'open;\n")).contains("line 2", "does not end");
    assertThat(refused("SELECT $x$ open; $y$\n")).contains("line 2", "does not end");
  }

  /** Case 12-begin-commit. */
  @Test
  void transactions_of_a_file_are_one_with_its_history() throws Exception {
    write(
        folder,
        "001.sql",
        "BEGIN;\nCREATE TABLE a(id int);\nCOMMIT;\nBEGIN;\nCREATE TABLE b(id int);\nSELECT 1/0;\nCOMMIT;\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("statement 6 in line 6", "division by zero", "start again");
    assertThat(query("SELECT to_regclass('a') IS NULL")).containsExactly("t");
    assertAsByPsql(
        """
        BEGIN;
        CREATE TABLE a(id int);
        COMMIT;
        start transaction; /* and */ CREATE TABLE b(id int); SAVEPOINT s; INSERT INTO b VALUES (1);
        ROLLBACK TO SAVEPOINT s; END WORK;
        BEGIN TRANSACTION;
        SET LOCAL lock_timeout = '3s';
        INSERT INTO a VALUES (1);
        COMMIT TRANSACTION;
        """);
    assertThat(query("SELECT count(*) FROM b")).containsExactly("0");
  }

  /** More of the kind of 12-begin-commit: what one transaction cannot give. */
  @Test
  void transactions_of_other_kinds_are_refused_before_the_first_statement() throws Exception {
    assertThat(refused("BEGIN;\nCREATE TABLE a (id int);\nROLLBACK;\n"))
        .contains("line 4", "ROLLBACK", "-- tidegate: no-transaction");
    assertThat(refused("BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;\nCOMMIT;\n"))
        .contains("line 2", "-- tidegate: no-transaction");
    assertThat(refused("BEGIN;\nCREATE TABLE a (id int);\n")).contains("line 2", "not committed");
    assertThat(refused("BEGIN;\nSELECT 1;\nPREPARE TRANSACTION 'x';\n")).contains("line 4");
    assertThat(refused("BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; COMMIT;\n"))
        .contains("line 2");
    assertThat(
            refused(
                "BEGIN;\nSET LOCAL search_path = pg_temp;\nCOMMIT;\nCREATE TABLE a (id int);\n"))
        .contains("line 3", "SET LOCAL");
    for (String lasting :
        List.of(
            "CREATE TEMP TABLE x(a int) ON COMMIT DELETE ROWS",
            "CREATE LOCAL TEMPORARY TABLE x ON COMMIT DROP AS SELECT 1",
            "SELECT set_config('app.x', '1', true)",
            "DO $$ BEGIN PERFORM set_config('app.x', '1', 't'::bool); END $$")) {
      assertThat(refused("BEGIN;\n" + lasting + ";\nCOMMIT;\nCREATE TABLE x(a int);\n"))
          .as(lasting)
          .contains("line 3", "ends with its COMMIT", "-- tidegate: no-transaction");
    }
  }

  /** More of the same kind that is no harm, as nothing follows or nothing ends. */
  @Test
  void what_ends_with_the_only_transaction_of_a_file_is_left_in_it() throws Exception {
    assertAsByPsql(
        """
        CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.x', '1', true) $$;
        CREATE TEMP TABLE kept(a int) ON COMMIT PRESERVE ROWS;
        SELECT set_config('app.y', '1', false);
        BEGIN;
        CREATE FUNCTION g() RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.x', '1', true) $$;
        COMMIT;
        BEGIN;
        CREATE TEMP TABLE x(a int) ON COMMIT DROP;
        INSERT INTO x VALUES (1);
        CREATE TABLE y AS SELECT a, current_setting('app.y') AS s FROM x;
        COMMIT;
        """);
  }

  @Test
  void file_without_a_transaction_keeps_its_own() throws Exception {
    assertAsByPsql(
        """
        -- tidegate: no-transaction
        CREATE TYPE mood AS ENUM ('sad');
        BEGIN ISOLATION LEVEL SERIALIZABLE;
        CREATE TABLE p(m mood);
        ROLLBACK;
        BEGIN;
        SET LOCAL search_path = pg_temp, public;
        CREATE TABLE p(m mood);
        COMMIT;
        CREATE TABLE p(m mood);
        ALTER TYPE mood ADD VALUE 'happy';
        INSERT INTO p VALUES ('happy');
        VACUUM p;
        CREATE INDEX CONCURRENTLY i ON p (m);
        CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
        """);
  }

  @Test
  void mark_of_a_file_without_a_transaction_stands_before_its_first_statement() throws Exception {
    int file = 0;
    for (String mark :
        List.of(
            "--tidegate:no-transaction\n",
            "-- TIDEGATE: No-Transaction -- since\n",
            "\n-- a comment\n\n  --  tidegate : no-transaction\r\n")) {
      write(folder, "00%d.sql".formatted(++file), mark + "VACUUM;\n");
      assertThat(migrate(folder).applied()).as(mark).isEqualTo(1);
    }
    for (String sql :
        List.of(
            "-- tidegate: no-transaction\nVACUUM;\n", "VACUUM --tidegate:no-transaction\n;\n")) {
      write(folder, "010.sql", "CREATE TABLE before_it (id int);\n" + sql);
      assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
          .as(sql)
          .contains("line 2", "first line");
    }
    assertThat(query("SELECT to_regclass('before_it') IS NULL")).containsExactly("t");
  }

  /** More of the kind of 12-begin-commit: what was done stays there, and is told so. */
  @Test
  void half_done_file_without_a_transaction_is_told_truthfully() throws Exception {
    write(
        folder,
        "001.sql",
        "-- tidegate: no-transaction\nCREATE TABLE a(id int);\nSELECT 1/0;\nCREATE TABLE b(id int);\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("statement 2 in line 3", "stays", "tidegate resolve db '001.sql")
        .doesNotContain("start again");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("statement 2");
  }

  /** Cases 13-alter-type and 16-vacuum. */
  @Test
  void statement_that_cannot_run_in_a_transaction_gets_the_hint() throws Exception {
    write(folder, "001.sql", "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE p(m mood);");
    migrate(folder);
    for (String sql :
        List.of(
            "ALTER TYPE mood ADD VALUE 'happy';\nINSERT INTO p VALUES ('happy');",
            "VACUUM;",
            "CREATE DATABASE other_db;",
            "CREATE INDEX CONCURRENTLY i ON p (m);",
            "BEGIN;\nREINDEX DATABASE;\nCOMMIT;",
            "CREATE PROCEDURE c() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;\nCALL c();",
            "DO $$ BEGIN CREATE TABLE c(id int); COMMIT; END $$;",
            """
            BEGIN;
            CREATE TABLE c(id int UNIQUE DEFERRABLE INITIALLY DEFERRED);
            INSERT INTO c VALUES (1), (1);
            DELETE FROM c WHERE id = 1;
            COMMIT;
            CREATE INDEX ON c (id);
            """)) {
      write(folder, "002.sql", sql);
      assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
          .as(sql)
          .contains("002.sql", "-- tidegate: no-transaction");
    }
    write(
        folder,
        "002.sql",
        "-- tidegate: no-transaction\nVACUUM;\nDO $$ BEGIN CREATE TABLE c(id int); COMMIT; END $$;\n");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  /** Liquibase sends the rows of a batch that failed once more, and throws what that ends with. */
  @Test
  void error_that_liquibase_does_not_pass_on_is_said_to_be_in_the_log() throws Exception {
    execute("CREATE TABLE p(id int, f real)");
    write(folder, "p.csv", "id,f\n1,1.5\n2,2.5\n");
    write(
        folder,
        "main.yaml",
        """
        databaseChangeLog:
          - changeSet:
              id: 1
              author: a
              changes:
                - loadData:
                    tableName: p
                    file: p.csv
                    usePreparedStatements: true
                    columns:
                      - column: {name: f, type: string}
        """);
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder.resolve("main.yaml"))))
        .contains("the server's log");
  }

  /** Cases 09-pg-dump and 09d-pg-dump-clean. */
  @Test
  void dumps_as_they_are_become_baselines() throws Exception {
    execute("DO $$ BEGIN CREATE ROLE app; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    for (String name : List.of("09-pg-dump", "09d-pg-dump-clean")) {
      Path source = Path.of("src/test/resources/cases", name, "db");
      String base = Files.readString(source.resolve("001_base.sql"));
      execute("DROP TABLE IF EXISTS item, later CASCADE");
      execute("DROP FUNCTION IF EXISTS f()");
      execute(
          "DROP TABLE IF EXISTS databasechangelog, databasechangeloglock, tidegate_fingerprint");
      write(folder, "002_later.sql", Files.readString(source.resolve("002_later.sql")));
      write(folder, "001_base.sql", base);
      assertThat(migrate(folder).applied()).as(name).isEqualTo(2);
      assertThat(query("SELECT schemaname FROM pg_tables WHERE tablename IN ('later', 'item')"))
          .containsExactly("public", "public");
      assertThat(migrate(folder).alreadyApplied()).isEqualTo(2);
    }
  }

  /** More of the kind of 09-pg-dump: with data, and all that pg_dump writes around it. */
  @Test
  void dump_with_data_becomes_a_baseline() throws Exception {
    assertAsByPsql(
        """
        --
        -- PostgreSQL database dump
        --

        SET statement_timeout = 0;
        SET lock_timeout = 0;
        SET client_encoding = 'UTF8';
        SET standard_conforming_strings = on;
        SELECT pg_catalog.set_config('search_path', '', false);
        SET check_function_bodies = false;
        SET xmloption = content;
        SET row_security = off;

        COMMENT ON SCHEMA public IS 'it''s; the schema';
        CREATE TYPE public.mood AS ENUM (
            'sad',
            'a;b'
        );
        CREATE FUNCTION public.touch() RETURNS trigger
            LANGUAGE plpgsql
            AS $_$
        BEGIN
          NEW.note := coalesce(NEW.note, '$1;');
          RETURN NEW;
        END;
        $_$;
        CREATE TABLE public.item (
            id integer NOT NULL,
            note text,
            m public.mood
        );
        CREATE SEQUENCE public.item_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
        ALTER SEQUENCE public.item_id_seq OWNED BY public.item.id;
        ALTER TABLE ONLY public.item ALTER COLUMN id SET DEFAULT nextval('public.item_id_seq'::regclass);

        --
        -- Data for Name: item; Type: TABLE DATA; Schema: public; Owner: postgres
        --

        COPY public.item (id, note, m) FROM stdin;
        1\tit's; one\tsad
        2\t\\N\ta;b
        3\ta\\tb\\\\.\t\\N
        4\t-- ünï€😀 $$ /*\tsad
        \\.


        SELECT pg_catalog.setval('public.item_id_seq', 4, true);
        ALTER TABLE ONLY public.item
            ADD CONSTRAINT item_pkey PRIMARY KEY (id);
        CREATE TRIGGER touch BEFORE INSERT ON public.item FOR EACH ROW EXECUTE FUNCTION public.touch();
        CREATE RULE r AS ON DELETE TO public.item DO ALSO ( SELECT 1; SELECT 2; );

        --
        -- PostgreSQL database dump complete
        --

        """);
    assertThat(query("SELECT count(*) FROM item")).containsExactly("4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP SCHEMA public CASCADE; CREATE SCHEMA public;",
        "DROP SCHEMA IF EXISTS other, \"public\"; CREATE SCHEMA public;",
        "COPY public.databasechangelog (id) FROM stdin;\n001.sql\n\\.\n",
        "TRUNCATE public.databasechangelog;",
      })
  void file_that_takes_away_the_history_is_refused_before_the_first_statement(String sql)
      throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    write(folder, "002.sql", sql);
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("002.sql, line 1: ");
    assertThat(query("SELECT to_regclass('public.t') IS NULL")).containsExactly("t");
    migrateFirstAlone();
    problem(ExitCode.CHANGELOG, () -> migrate(folder));
    assertThat(query("SELECT locked FROM databasechangeloglock")).containsExactly("f");
  }

  private void migrateFirstAlone() throws Exception {
    String second = Files.readString(folder.resolve("002.sql"));
    Files.delete(folder.resolve("002.sql"));
    assertThat(migrate(folder).applied()).isEqualTo(1);
    write(folder, "002.sql", second);
  }

  @Test
  void schemas_and_histories_that_are_not_ours_may_go() throws Exception {
    write(
        folder,
        "001.sql",
        """
        DROP SCHEMA IF EXISTS app CASCADE;
        CREATE SCHEMA app;
        DROP TABLE IF EXISTS app.databasechangelog;
        CREATE TABLE app.databasechangelog (id int);
        COPY databasechangelog TO stdout;
        """);
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  /** What is applied of folders made at random is what the client makes of their files. */
  @Test
  void folders_made_at_random() throws Exception {
    new RandomFolders(new Whole(), PIECES).run(folder);
  }

  private final class Whole implements RandomFolders.Engine {
    @Override
    public void create(String name) {
      PostgresFilesTest.this.create(name);
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
      Program.installed("psql").ifPresent(psql -> psql(psql, name, file));
    }

    @Override
    public List<String> contents(String name) throws SQLException {
      return PostgresFilesTest.contents(name);
    }

    @Override
    public List<String> history(String name) throws SQLException {
      return column(name, "SELECT to_regclass('databasechangelog')::text").getFirst() == null
          ? List.of()
          : column(name, "SELECT id FROM databasechangelog ORDER BY orderexecuted");
    }

    @Override
    public void drop(String name) throws Exception {
      try (Connection connection = SERVER.connect("postgres");
          Statement statement = connection.createStatement()) {
        statement.execute("DROP DATABASE \"" + name + "\"");
      }
    }
  }
}
