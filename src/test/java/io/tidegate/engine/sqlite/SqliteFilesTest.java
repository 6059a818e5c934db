package io.tidegate.engine.sqlite;

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
import io.tidegate.servers.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What plain files make of a database: as expected, and where sqlite3 is installed, as it makes it of
 * the same file.
 */
class SqliteFilesTest extends DialectFixture {
  private static final List<String> PIECES =
      List.of(
          "CREATE TRIGGER g{k} AFTER INSERT ON t{o} BEGIN UPDATE t{o} SET s = s || ';' WHERE id = new.id; END;",
          "PRAGMA foreign_keys = ON;",
          "INSERT INTO t{o} (id, s) VALUES ({k}, \"double; quotes\");",
          "CREATE TABLE [log {k};] (id int, s text);",
          "INSERT INTO t{o} (id, s) VALUES ({k}, case when 1 then 'a;' else 'b' end);",
          "CREATE TEMP TABLE tmp{k} (id int);");

  @TempDir private Path databases;

  @Override
  protected TestDatabases databases() {
    return new SqliteDatabases(databases);
  }

  private Path file(String name) {
    return new SqliteDatabases(databases).file(name);
  }

  /** Applies all files of the changelog, and by sqlite3 to another database, each in a session of its own. */
  private void assertAsBySqlite(String... files) throws Exception {
    List<Path> written = new ArrayList<>();
    for (String sql : files) {
      written.add(write(folder, "00%d.sql".formatted(written.size() + 1), sql));
    }
    assertThat(migrate(folder).applied()).isEqualTo(files.length);
    Optional<String> sqlite = Program.installed("sqlite3");
    if (sqlite.isPresent()) {
      Path other = file(database() + "c");
      for (Path each : written) {
        Program.run(Map.of(), each, sqlite.get(), "-bail", other.toString());
      }
      assertThat(contents(file(database()))).isEqualTo(contents(other));
    }
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(files.length);
  }

  private static List<String> contents(Path file) throws SQLException {
    List<String> all = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      List<String> tables = new ArrayList<>();
      try (var statement = connection.createStatement();
          var row =
              statement.executeQuery(
                  "SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE tbl_name NOT LIKE"
                      + " 'DATABASECHANGE%' AND tbl_name NOT LIKE 'tidegate_%' ORDER BY 1, 2")) {
        while (row.next()) {
          all.add(row.getString(1) + " " + row.getString(2) + " " + row.getString(3));
          if (row.getString(1).equals("table")) {
            tables.add(row.getString(2));
          }
        }
      }
      for (String table : tables) {
        try (var statement = connection.createStatement();
            var row = statement.executeQuery("SELECT * FROM \"" + table + "\" ORDER BY 1, 2")) {
          while (row.next()) {
            all.add(table + " " + row.getString(1) + " " + row.getString(2));
          }
        } catch (SQLException e) {
          all.add(table + " " + e.getMessage());
        }
      }
    }
    return all;
  }

  private String refused(String sql) throws SQLException {
    write(folder, "001.sql", "CREATE TABLE before_it (id int);\n" + sql);
    String said = problem(ExitCode.CHANGELOG, () -> migrate(folder));
    assertThat(query("SELECT name FROM sqlite_schema WHERE name = 'before_it'")).as(said).isEmpty();
    return said;
  }

  @Test
  void triggers_quotes_and_comments() throws Exception {
    assertAsBySqlite(
        """
        CREATE TABLE t(id int, s text); -- not; here
        CREATE TABLE [log;] (id int, "begin" int, `end;` int);
        CREATE TEMP TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END;
        create trigger if not exists tr after insert on t begin
          update t set s = case when new.id > 1 then 'x;' else 'end;' end where id = new.id; /* ; */
          insert into [log;] values (new.id, 1, case new.id when 1 then 2 end);
        end;
        INSERT INTO t VALUES(1,'it''s;'), (2, 'c:\\'), (3, "d;");
        EXPLAIN SELECT 1;
        CREATE TABLE trigger_ (id int, "x" int);;
        CREATE VIEW end AS SELECT 5--3;
          AS x, id FROM t;
        /* ends with the file
        """);
    assertThat(query("SELECT count(*) FROM [log;]")).containsExactly("3");
  }

  @Test
  void comment_in_a_body_is_no_section_that_leads_back() throws Exception {
    assertAsBySqlite(
        """
        CREATE TABLE a(id int);
        CREATE TRIGGER t BEFORE INSERT ON a WHEN new.id < 0 BEGIN
          -- rollback
          SELECT RAISE(ROLLBACK, 'negative');
        END;
        INSERT INTO a VALUES (1);
        """);
  }

  /** Case 61-sqlite-rebuild. */
  @Test
  void table_that_others_refer_to_is_rebuilt() throws Exception {
    assertAsBySqlite(
        """
        CREATE TABLE parent(id integer primary key, name text);
        CREATE TABLE child(id integer primary key, parent_id integer REFERENCES parent(id) ON DELETE CASCADE);
        INSERT INTO parent VALUES (1,'a');
        INSERT INTO child VALUES (1,1);
        """,
        """
        PRAGMA foreign_keys=OFF;
        CREATE TABLE new_parent(id integer primary key, name text NOT NULL);
        INSERT INTO new_parent SELECT * FROM parent;
        DROP TABLE parent;
        ALTER TABLE new_parent RENAME TO parent;
        PRAGMA foreign_keys=ON;
        """);
    assertThat(query("SELECT count(*) FROM child")).containsExactly("1");
  }

  @Test
  void statement_that_fails_is_named() throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int);\n\nINSERT INTO missing VALUES ('x');\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("001.sql", "statement 2 in line 3", "no such table");
    assertThat(query("SELECT name FROM sqlite_schema WHERE name = 'a'")).isEmpty();
  }

  /** To the shell a comment too, where a statement would begin; to the library none anywhere. */
  @Test
  void line_that_begins_with_a_number_sign_is_a_comment_between_statements() throws Exception {
    assertAsBySqlite(
        "# it's\nCREATE TABLE t (a, b);\n\n# one;\nINSERT INTO t VALUES ('x\n# y', 1);\n");
    write(folder, "002.sql", "INSERT INTO t VALUES ('z', 2); # no comment\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("002.sql", "#");
    write(folder, "002.sql", "CREATE TABLE u (a);\n# Down\nDROP TABLE t;\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("002.sql, line 2");
  }

  @Test
  void commands_of_the_shell_are_refused_before_the_first_statement() throws Exception {
    assertThat(refused(".read other.sql\n")).contains("001.sql", "line 2", ".read");
    assertThat(refused("SELECT 'open;\n")).contains("line 2", "does not end");
  }

  /** Case 12-begin-commit. */
  @Test
  void transactions_of_a_file_are_one_with_its_history() throws Exception {
    write(
        folder,
        "001.sql",
        "BEGIN;\nCREATE TABLE a(id int);\nCOMMIT;\nBEGIN;\nCREATE TABLE b(id int);\nSELECT x;\nCOMMIT;\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("statement 6 in line 6", "start again");
    assertThat(query("SELECT name FROM sqlite_schema WHERE name = 'a'")).isEmpty();
    assertAsBySqlite(
        """
        BEGIN IMMEDIATE TRANSACTION;
        CREATE TABLE a(id int, x int);
        COMMIT;
        begin exclusive; CREATE TABLE b(id int, x int); end transaction;
        """);
  }

  @Test
  void transactions_of_other_kinds_are_refused_before_the_first_statement() throws Exception {
    assertThat(refused("BEGIN;\nINSERT INTO before_it VALUES (1);\nROLLBACK;\n"))
        .contains("line 4", "ROLLBACK");
    assertThat(refused("BEGIN;\nINSERT INTO before_it VALUES (1);\n"))
        .contains("line 2", "not committed");
  }

  /** Cases 62-sqlite-vacuum and 63-sqlite-attach. */
  @Test
  void statement_that_cannot_run_in_a_transaction_gets_the_hint() throws Exception {
    for (String sql :
        List.of(
            "CREATE TABLE t(id int, x int);\nVACUUM;\n",
            "PRAGMA journal_mode=WAL;\nCREATE TABLE t(id int, x int);\n",
            "ATTACH ':memory:' AS m;\nCREATE TABLE m.t(id int, x int);\nDETACH m;\n")) {
      write(folder, "001.sql", sql);
      assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
          .as(sql)
          .contains("001.sql", "-- tidegate: no-transaction");
      assertThat(query("SELECT name FROM sqlite_schema WHERE name = 't'")).isEmpty();
    }
    assertAsBySqlite(
        "-- tidegate: no-transaction\nPRAGMA journal_mode=WAL;\nCREATE TABLE t(id int, x int);\nVACUUM;\n");
    assertThat(query("PRAGMA journal_mode")).containsExactly("wal");
  }

  /** More of the kind of 61-sqlite-rebuild: what the file sets has its effect. */
  @Test
  void foreign_keys_are_enforced_where_the_file_says_so() throws Exception {
    assertAsBySqlite(
        """
        CREATE TABLE parent(id integer primary key, x int);
        CREATE TABLE child(id int, parent_id integer REFERENCES parent(id) ON DELETE CASCADE);
        INSERT INTO parent VALUES (1, 1), (2, 2);
        INSERT INTO child VALUES (1, 1), (2, 2);
        """,
        "-- first\nPRAGMA foreign_keys = ON;\nBEGIN;\nDELETE FROM parent WHERE id = 1;\nCOMMIT;\n",
        "PRAGMA main.foreign_keys(off);\nDELETE FROM parent WHERE id = 2;\nPRAGMA foreign_keys=on;\n");
    assertThat(query("SELECT id FROM child")).containsExactly("2");
    write(
        folder, "004.sql", "DELETE FROM parent;\nPRAGMA foreign_keys = ON;\nDELETE FROM child;\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("line 2", "no effect in a transaction", "-- tidegate: no-transaction");
  }

  /** As Prisma and Drizzle write them: the session enforces nothing before, and no row changes behind. */
  @Test
  void rebuild_in_the_middle_of_a_file() throws Exception {
    String rebuild =
        """
        CREATE TABLE "new_U" ("id" integer primary key, "x" text);
        INSERT INTO "new_U"("id") SELECT "id" FROM "U";
        DROP TABLE "U";
        ALTER TABLE "new_U" RENAME TO "U";
        """;
    assertAsBySqlite(
        """
        CREATE TABLE "U"("id" integer primary key, "x" text);
        CREATE TABLE p(u int references U(id) on delete cascade, x int);
        INSERT INTO U VALUES (1, 'a');
        INSERT INTO p VALUES (1, 1);
        """,
        "-- RedefineTables\nPRAGMA defer_foreign_keys=ON;\nPRAGMA foreign_keys=OFF;\n"
            + rebuild
            + "PRAGMA foreign_keys=ON;\nPRAGMA defer_foreign_keys=OFF;\n"
            + "-- CreateIndex\nCREATE UNIQUE INDEX \"U_x\" ON \"U\"(\"x\");\n",
        "CREATE TABLE \"N\" (id int, x int);\nPRAGMA foreign_keys='off';\n"
            + rebuild
            + "PRAGMA foreign_key_check;\nPRAGMA foreign_keys=ON;\nALTER TABLE p ADD COLUMN y text;\n");
    assertThat(query("SELECT count(*) FROM p")).containsExactly("1");
  }

  @Test
  void foreign_keys_that_would_be_enforced_otherwise_are_refused() throws Exception {
    for (String sql :
        List.of(
            "PRAGMA foreign_keys = 'ON';\nDELETE FROM before_it;\n",
            "PRAGMA foreign_keys = ON;\nALTER TABLE before_it ADD x int REFERENCES a(b);\n")) {
      assertThat(refused(sql))
          .as(sql)
          .contains("line 2", "no effect in a transaction", "-- tidegate: no-transaction");
    }
    write(
        folder,
        "001.sql",
        "PRAGMA foreign_keys = 1;\nCREATE TABLE before_it(id int);\nPRAGMA foreign_keys = 0;\nDROP TABLE before_it;\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("line 3", "no effect in a transaction");
  }

  /** SQLite itself does nothing there, and says nothing. */
  @Test
  void foreign_keys_in_a_transaction_of_the_file_are_as_before_it() throws Exception {
    assertAsBySqlite(
        """
        CREATE TABLE parent(id integer primary key, x int);
        CREATE TABLE child(id int, parent_id integer REFERENCES parent(id) ON DELETE CASCADE);
        INSERT INTO parent VALUES (1, 1);
        INSERT INTO child VALUES (1, 1);
        """,
        "BEGIN;\nPRAGMA foreign_keys = ON;\nDELETE FROM parent;\nCOMMIT;\n");
    assertThat(query("SELECT count(*) FROM child")).containsExactly("1");
  }

  @Test
  void synchronous_is_set_before_the_transaction() throws Exception {
    assertAsBySqlite(
        "PRAGMA synchronous = OFF;\nPRAGMA foreign_keys = OFF;\nCREATE TABLE a(b int, c int);\n",
        "INSERT INTO a VALUES (1, 1);\nPRAGMA synchronous = NORMAL;\nINSERT INTO a VALUES (2, 2);\n");
  }

  @Test
  void setting_that_only_a_new_database_takes_is_refused_before_the_first_statement()
      throws Exception {
    for (String sql :
        List.of(
            "PRAGMA encoding = 'UTF-16le'",
            "PRAGMA main.auto_vacuum(full)",
            "PRAGMA page_size = 8192")) {
      for (String mark : List.of("", "-- tidegate: no-transaction\n")) {
        write(folder, "001.sql", mark + sql + ";\nCREATE TABLE before_it(b int);\n");
        assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
            .as(mark + sql)
            .contains("line " + (mark.isEmpty() ? 1 : 2), "has no effect", sql);
        assertThat(query("SELECT name FROM sqlite_schema")).isEmpty();
      }
    }
  }

  @Test
  void setting_that_changes_nothing_or_comes_with_a_vacuum_is_no_matter() throws Exception {
    write(
        folder,
        "001.sql",
        "PRAGMA encoding = \"UTF-8\";\nPRAGMA page_size = 4096;\nPRAGMA auto_vacuum = none;\nCREATE TABLE a(b int);\nPRAGMA page_size = 512;\n");
    write(
        folder,
        "002.sql",
        "-- tidegate: no-transaction\nPRAGMA page_size = 8192;\nPRAGMA auto_vacuum = 1;\nVACUUM;\n");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(query("PRAGMA page_size")).containsExactly("8192");
    assertThat(query("PRAGMA auto_vacuum")).containsExactly("1");
  }

  @Test
  void setting_that_the_database_was_made_with_is_obeyed() throws Exception {
    try (Connection connection = connect(database());
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA encoding = 'UTF-16le'");
      statement.execute("CREATE TABLE x(y)");
      statement.execute("DROP TABLE x");
    }
    write(folder, "001.sql", "PRAGMA encoding = 'UTF-16le';\nCREATE TABLE a(b int);\n");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    write(folder, "002.sql", "PRAGMA page_size = 1024;\nCREATE TABLE b(b int);\n");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("PRAGMA encoding")).containsExactly("UTF-16le");
  }

  /** Case 60-sqlite-dump. */
  @Test
  void dump_becomes_a_baseline() throws Exception {
    assertAsBySqlite(
        """
        PRAGMA foreign_keys=OFF;
        BEGIN TRANSACTION;
        CREATE TABLE t(id int, s text);
        INSERT INTO t VALUES(1,'a;b');
        CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET s = CASE WHEN NEW.id > 1 THEN 'x;' ELSE 'y' END WHERE id = NEW.id; END;
        COMMIT;
        """);
    assertThat(query("SELECT s FROM t")).containsExactly("a;b");
  }

  /** More of the kind of 60-sqlite-dump: all that sqlite3 knows to write. */
  @Test
  void dump_of_everything_becomes_a_baseline() throws Exception {
    assertAsBySqlite(
        """
        PRAGMA foreign_keys=OFF;
        BEGIN TRANSACTION;
        CREATE TABLE child(id integer primary key autoincrement, parent_id int REFERENCES parent(id));
        INSERT INTO child VALUES(1,1);
        INSERT INTO child VALUES(2,NULL);
        CREATE TABLE IF NOT EXISTS "par;ent" (id int, b blob);
        INSERT INTO "par;ent" VALUES(1,X'00ff');
        INSERT INTO "par;ent" VALUES(2,replace('a\\nb','\\n',char(10)));
        PRAGMA writable_schema=ON;
        INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','ft','ft',0,'CREATE VIRTUAL TABLE ft USING fts5(a)');
        CREATE TABLE IF NOT EXISTS 'ft_data'(id INTEGER PRIMARY KEY, block BLOB);
        INSERT INTO ft_data VALUES(1,X'020305');
        INSERT INTO ft_data VALUES(10,X'000000000102020002010102010203');
        CREATE TABLE IF NOT EXISTS 'ft_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS 'ft_content'(id INTEGER PRIMARY KEY, c0);
        CREATE TABLE IF NOT EXISTS 'ft_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
        CREATE TABLE IF NOT EXISTS 'ft_config'(k PRIMARY KEY, v) WITHOUT ROWID;
        INSERT INTO ft_config VALUES('version',4);
        DELETE FROM sqlite_sequence;
        INSERT INTO sqlite_sequence VALUES('child',7);
        CREATE INDEX i ON child(parent_id);
        CREATE VIEW v AS SELECT id, 'a;b' FROM child;
        CREATE TRIGGER tr AFTER DELETE ON child BEGIN DELETE FROM "par;ent"; SELECT CASE OLD.id WHEN 1 THEN 2 END; END;
        PRAGMA writable_schema=OFF;
        COMMIT;
        """);
    assertThat(query("SELECT seq FROM sqlite_sequence WHERE name = 'child'")).containsExactly("7");
  }

  private List<String> column(String name, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect(name);
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
      // SQLite makes the file.
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
      Program.installed("sqlite3")
          .ifPresent(sqlite ->
              Program.run(
                  Map.of(), file, sqlite, "-bail", SqliteFilesTest.this.file(name).toString()));
    }

    @Override
    public List<String> contents(String name) throws SQLException {
      return SqliteFilesTest.contents(file(name));
    }

    @Override
    public List<String> history(String name) throws SQLException {
      return column(name, "SELECT name FROM sqlite_schema WHERE name = 'DATABASECHANGELOG'")
              .isEmpty()
          ? List.of()
          : column(name, "SELECT id FROM DATABASECHANGELOG ORDER BY orderexecuted");
    }

    @Override
    public void drop(String name) throws Exception {
      Files.deleteIfExists(file(name));
    }
  }
}
