package io.tidegate.migration.sql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.MigrationStatus;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Changelog;
import io.tidegate.target.LiquibaseTables;
import io.tidegate.target.Target;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import liquibase.Contexts;
import liquibase.LabelExpression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What migrations must do on every SQL database. Each dialect's test passes it on a real server. */
public abstract class DialectSuite extends DialectFixture {
  private Path two() {
    write(folder, "001-users.sql", "CREATE TABLE users (id int PRIMARY KEY, name varchar(50));\n");
    write(
        folder,
        "002-data.sql",
        "INSERT INTO users VALUES (1, 'a;b'); -- not; here\nINSERT INTO users VALUES (2, 'it''s;');\n");
    return folder;
  }

  @Test
  void folder_is_applied_in_the_order_of_names_and_once() throws Exception {
    List<String> heard = new ArrayList<>();
    MigrationListener listener =
        new MigrationListener() {
          @Override
          public void waiting(LockHolder holder) {
            heard.add("waiting");
          }

          @Override
          public void started(ChangesetId changeset, int number, int of) {
            heard.add(changeset.path() + " " + number + "/" + of);
          }

          @Override
          public void applied(ChangesetId changeset, Duration took) {
            heard.add(changeset.id() + " applied");
          }
        };
    MigrationOutcome first = migration(two()).migrate(listener);
    assertThat(first.applied()).isEqualTo(2);
    assertThat(heard)
        .containsExactly(
            "001-users.sql 1/2",
            "001-users.sql applied",
            "002-data.sql 2/2",
            "002-data.sql applied");
    assertThat(query("SELECT name FROM users ORDER BY id")).containsExactly("a;b", "it's;");

    MigrationOutcome second = migrate(folder);
    assertThat(second.applied()).isZero();
    assertThat(second.alreadyApplied()).isEqualTo(2);
  }

  /** As docs/ephemeral-environments.md has it. */
  @Test
  void rows_for_a_preview_are_a_changeset_with_a_context_in_a_folder_of_plain_files()
      throws Exception {
    write(folder, "001-notes.sql", "CREATE TABLE notes (id INT PRIMARY KEY, body VARCHAR(99));");
    Matcher block =
        Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/ephemeral-environments.md")));
    assertThat(block.find()).isTrue();
    write(folder, "900-preview-rows.sql", block.group(1));
    assertThat(migrateIn("production")).isEqualTo(1);
    assertThat(query("SELECT count(*) FROM notes")).containsExactly("0");
    assertThat(migrateIn("preview")).isEqualTo(1);
    assertThat(query("SELECT body FROM notes")).containsExactly("a note to look at");
  }

  private int migrateIn(String context) throws InterruptedException {
    Target target = SqlTargets.with(target(database(), folder), new Changelog(folder, context, ""));
    return migration(target, MigrationSettings.DEFAULT).migrate(MigrationListener.NONE).applied();
  }

  @Test
  void nothing_of_a_migration_stays_in_memory_when_it_is_over() throws Exception {
    two();
    FutureTask<Long> more =
        new FutureTask<>(() -> {
          long before = changesetsInMemory();
          new WarmUpMigration(dialect(), new Changelog(folder, "", "")).run();
          migrate(folder);
          migration(folder).status();
          return before;
        });
    // Without what the other tests have left in this one.
    Thread.ofPlatform().inheritInheritableThreadLocals(false).start(more);
    long before = more.get();
    // A driver's thread that was first started here may keep it a little longer, and then ends.
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(changesetsInMemory()).isLessThanOrEqualTo(before));
  }

  /** How many of Liquibase's changesets, and of its rows about them, can still be reached. */
  private static long changesetsInMemory() throws Exception {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    return histogram
        .lines()
        .map(line -> line.strip().split(" +"))
        .filter(columns ->
            columns.length == 4
                && Set.of("liquibase.changelog.ChangeSet", "liquibase.changelog.RanChangeSet")
                    .contains(columns[3]))
        .mapToLong(columns -> Long.parseLong(columns[1]))
        .sum();
  }

  @Test
  void warm_up_comes_to_its_end_and_leaves_no_trace() throws Exception {
    WarmUpMigration warmUp = new WarmUpMigration(dialect(), new Changelog(two(), "", ""));
    List<String> before = query(databases().tablesQuery());
    warmUp.run();
    warmUp.run();
    assertThat(query(databases().tablesQuery())).isEqualTo(before);
    assertThat(migrate(folder).applied()).isEqualTo(2);
  }

  @Test
  void warm_up_that_is_interrupted_is_over_and_the_migration_goes_on() throws Exception {
    WarmUpMigration warmUp = new WarmUpMigration(dialect(), new Changelog(two(), "", ""));
    for (int millis = 1; millis <= 20; millis++) {
      FutureTask<Void> task =
          new FutureTask<>(() -> {
            warmUp.run();
            return null;
          });
      Thread thread = Thread.ofPlatform().start(task);
      thread.join(millis); // So long it runs.
      thread.interrupt();
      assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(migrate(folder).applied()).isEqualTo(2);
  }

  @Test
  void status_and_plan_change_nothing() throws Exception {
    two();
    List<String> before = query(databases().tablesQuery());
    MigrationStatus status = migration(folder).status();
    assertThat(status.pending())
        .extracting(one -> one.changeset().id())
        .containsExactly("001-users.sql", "002-data.sql");
    assertThat(status.applied()).isEmpty();
    assertThat(status.holder()).isNull();
    assertThat(migration(folder).plan().text()).contains("CREATE TABLE users").contains("it''s;");
    assertThat(query(databases().tablesQuery())).isEqualTo(before);

    migrate(folder);
    assertThat(migration(folder).status().applied()).hasSize(2).allMatch(a -> a.at() != null);
    assertThat(migration(folder).plan().text()).isEmpty();
    write(folder, "003-more.sql", "ALTER TABLE users ADD COLUMN age int;");
    before = query(databases().tablesQuery());
    assertThat(migration(folder).plan().text()).contains("ADD COLUMN age").doesNotContain("it''s");
    assertThat(query(databases().tablesQuery())).isEqualTo(before);
    assertThat(query("SELECT count(*) FROM DATABASECHANGELOG")).containsExactly("2");
  }

  @Test
  void changed_file_is_refused_by_name() throws Exception {
    migrate(two());
    write(folder, "002-data.sql", "INSERT INTO users VALUES (3, 'c');");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("002-data.sql")
        .contains("was changed after it was applied");
    assertThat(migration(folder).status().changed())
        .extracting(ChangesetId::id)
        .containsExactly("002-data.sql");
    assertThat(query("SELECT count(*) FROM users")).containsExactly("2");
  }

  @Test
  void newer_history_does_not_stop_an_older_changelog() throws Exception {
    write(folder, "003-newer.sql", "CREATE TABLE newer (id int);");
    migrate(two());
    Files.delete(folder.resolve("003-newer.sql"));
    MigrationOutcome outcome = migrate(folder);
    assertThat(outcome.applied()).isZero();
    assertThat(outcome.unexpected()).isEqualTo(1);
    assertThat(migration(folder).status().unexpected()).hasSize(1);
  }

  @Test
  void failing_statement_names_changeset_and_file_and_frees_the_lock() throws Exception {
    two();
    write(
        folder, "003-bad.sql", "CREATE TABLE half (id int); INSERT INTO no_such_table VALUES (1);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("003-bad.sql")
        .contains("no_such_table")
        .doesNotContain("\n");
    assertThat(query("SELECT count(*) FROM DATABASECHANGELOG")).containsExactly("2");
    execute("DROP TABLE IF EXISTS half");
    write(folder, "003-bad.sql", "CREATE TABLE half (id int);");
    if (!rollsBackSchema()) {
      // Its first statement took effect, so it is not run again before a person has looked.
      assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
          .contains("003-bad.sql", "statement 1", "CREATE TABLE half", "tidegate resolve db");
      resolvable().resolve(new ChangesetId("003-bad.sql", "", ""), false, "dropped by hand");
    }
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(resolvable().interrupted()).isEmpty();
  }

  @Test
  void first_statement_that_is_refused_leaves_nothing_to_resolve() throws Exception {
    write(folder, "001.sql", "-- tidegate: no-transaction\nALTER TABLE no_such ADD COLUMN a int;");
    problem(ExitCode.CHANGELOG, () -> migrate(folder));
    assertThat(resolvable().interrupted()).isEmpty();
    write(folder, "001.sql", "-- tidegate: no-transaction\nCREATE TABLE x (id int);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  @Test
  void reason_must_be_given_and_changeset_known() throws Exception {
    migrate(two());
    ChangesetId none = new ChangesetId("009.sql", "", "");
    problem(ExitCode.USAGE, () -> resolvable().resolve(none, true, " "));
    assertThat(problem(ExitCode.USAGE, () -> resolvable().resolve(none, true, "seen")))
        .contains("009.sql");
  }

  @Test
  void every_format_is_read() throws Exception {
    write(
        folder,
        "a.xml",
        """
        <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
            xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
              http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
          <changeSet id="1" author="x"><createTable tableName="ax"><column name="id" type="int"/></createTable></changeSet>
          <include file="sub/b.yaml" relativeToChangelogFile="true"/>
          <include file="sub/c.json"/>
          <include file="d.sql"/>
        </databaseChangeLog>
        """);
    write(
        folder,
        "sub/b.yaml",
        """
        databaseChangeLog:
          - changeSet:
              id: 1
              author: y
              changes:
                - createTable:
                    tableName: by
                    columns:
                      - column: {name: id, type: int}
                - loadData:
                    tableName: by
                    file: rows.csv
                    relativeToChangelogFile: true
        """);
    write(folder, "sub/rows.csv", "id\n1\n2\n");
    write(
        folder,
        "sub/c.json",
        """
        {"databaseChangeLog": [{"changeSet": {"id": "1", "author": "j", "changes":
          [{"createTable": {"tableName": "cj", "columns": [{"column": {"name": "id", "type": "int"}}]}}]}}]}
        """);
    write(
        folder,
        "d.sql",
        """
        --liquibase formatted sql
        --changeset s:1
        CREATE TABLE ds (id int);
        --changeset s:2 context:never
        CREATE TABLE dn (id int);
        """);
    Path changelog = folder.resolve("a.xml");
    Target target = target(database(), changelog);
    Migration migration =
        migration(
            SqlTargets.with(target, new Changelog(changelog, "prod", "")),
            MigrationSettings.DEFAULT);
    assertThat(migration.status().pending()).hasSize(4);
    assertThat(migration.migrate(MigrationListener.NONE).applied()).isEqualTo(4);
    assertThat(query("SELECT count(*) FROM \"by\"".replace("\"", quote()))).containsExactly("2");
    assertThat(migration.migrate(MigrationListener.NONE).applied()).isZero();
  }

  @Test
  void parameters_and_databases_are_understood_in_every_format() throws Exception {
    write(
        folder,
        "a.xml",
        """
        <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
            xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
              http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
          <property name="word" value="known" dbms="postgresql,mysql,mariadb,sqlite"/>
          <property name="word" value="other" dbms="oracle"/>
          <property name="suffix" value="x"/>
          <changeSet id="1" author="x" dbms="postgresql,mysql,mariadb,sqlite">
            <createTable tableName="a${suffix}"><column name="${word}" type="int"/></createTable>
          </changeSet>
          <changeSet id="2" author="x" dbms="oracle,!postgresql">
            <sql>SELECT only_oracle</sql>
          </changeSet>
          <include file="b.yaml"/>
          <include file="c.json"/>
          <include file="d.sql"/>
        </databaseChangeLog>
        """);
    write(
        folder,
        "b.yaml",
        """
        databaseChangeLog:
          - property: {name: table, value: by}
          - changeSet:
              id: 1
              author: y
              dbms: "!oracle"
              changes:
                - createTable:
                    tableName: ${table}
                    columns:
                      - column: {name: "${word}", type: int}
        """);
    write(
        folder,
        "c.json",
        """
        {"databaseChangeLog": [
          {"property": {"name": "here", "value": "cj"}},
          {"changeSet": {"id": "1", "author": "j", "dbms": "all", "changes":
            [{"sql": {"sql": "CREATE TABLE ${here} (${word} int)"}}]}}]}
        """);
    write(
        folder,
        "d.sql",
        """
        --liquibase formatted sql
        --property name:there value:ds
        --changeset s:1 dbms:postgresql,mysql,mariadb,sqlite
        CREATE TABLE ${there} (${word} int);
        --changeset s:2 dbms:oracle
        SELECT only_oracle;
        """);
    Path changelog = folder.resolve("a.xml");
    assertThat(migrate(changelog).applied()).isEqualTo(4);
    for (String table : List.of("ax", "by", "cj", "ds")) {
      String name = quote() + table + quote();
      assertThat(query("SELECT count(known) FROM " + name)).containsExactly("0");
    }
    assertThat(migrate(changelog).applied()).isZero();
  }

  @Test
  void held_lock_is_waited_for_until_its_limit_and_its_holder_named() throws Exception {
    Target target = target(database(), two());
    MigrationSettings hasty =
        new MigrationSettings(
            Duration.ofMillis(800), Duration.ofSeconds(5), null, Duration.ofSeconds(5));
    List<LockHolder> told = new ArrayList<>();
    MigrationListener listener =
        new MigrationListener() {
          @Override
          public void waiting(LockHolder holder) {
            told.add(holder);
          }

          @Override
          public void started(ChangesetId changeset, int number, int of) {}

          @Override
          public void applied(ChangesetId changeset, Duration took) {}
        };
    try (SqlSession other = dialect().open(target, hasty, SqlDialect.Access.WRITE)) {
      assertThat(other.lock().tryAcquire()).isTrue();
      assertThat(problem(ExitCode.LOCKED, () -> migration(target, hasty).migrate(listener)))
          .contains(holderName());
      assertThat(told).isNotEmpty();
      assertThat(told.getFirst().who()).contains(holderName());
      LockHolder holder = migration(target, hasty).status().holder();
      assertThat(holder).isNotNull();
    }
    assertThat(migration(folder).status().holder()).isNull();
    assertThat(migrate(folder).applied()).isEqualTo(2);
  }

  @Test
  void programs_and_classes_are_refused() throws Exception {
    assertRefused(
        "executeCommand", "- executeCommand: {executable: touch, args: [{arg: {value: x}}]}");
    assertRefused("customChange", "- customChange: {class: java.lang.Object}");
    assertRefused(
        "executeCommand",
        "- empty: {}\n      rollback:\n        - executeCommand: {executable: touch}");
    assertRefused(
        "customPrecondition",
        "- empty: {}\n      preConditions:\n        - or:\n            - customPrecondition: {className: x.Y}");
    assertRefused("leads out", "- sqlFile: {path: ../outside.sql}");
    assertRefused("leads out", "- sqlFile: {path: link.sql}");
    assertRefused("is absolute", "- sqlFile: {path: /etc/hostname}");
    assertRefused("remote", "- sqlFile: {path: 'http://127.0.0.1:1/x.sql'}");
    assertRefused("larger than", "- sqlFile: {path: large.sql}");
    assertThat(query(databases().tablesQuery())).noneMatch(name -> name.contains("outside"));
  }

  private void assertRefused(String word, String change) throws Exception {
    Path root = Files.createDirectories(folder.resolve("root"));
    write(folder, "outside.sql", "CREATE TABLE outside (id int);");
    Path link = root.resolve("link.sql");
    if (!Files.exists(link)) {
      Files.createSymbolicLink(link, folder.resolve("outside.sql"));
    }
    try (var large = new RandomAccessFile(root.resolve("large.sql").toFile(), "rw")) {
      large.setLength(200L << 20);
    }
    Path changelog =
        write(
            root,
            "changelog.yaml",
            "databaseChangeLog:\n  - changeSet:\n      id: 1\n      author: a\n      changes:\n        "
                + change
                + "\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(changelog)))
        .as(change)
        .contains(word)
        .doesNotContain("\n");
  }

  @Test
  void xml_reads_no_external_entity_and_yaml_builds_no_object() {
    Path secret = write(folder, "secret.txt", "canary-of-a-file");
    Path xml =
        write(
            folder,
            "c.xml",
            """
            <!DOCTYPE databaseChangeLog [<!ENTITY x SYSTEM "%s">]>
            <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">
              <changeSet id="1" author="a"><sql>&x;</sql></changeSet>
            </databaseChangeLog>
            """
                .formatted(secret.toUri()));
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(xml))).doesNotContain("canary");
    Path yaml =
        write(folder, "c.yaml", "databaseChangeLog: !!javax.script.ScriptEngineManager []\n");
    problem(ExitCode.CHANGELOG, () -> migrate(yaml));
  }

  @Test
  void nothing_but_the_database_is_connected_to() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            if (!uri.getScheme().equals("socket")) {
              asked.add(uri.toString());
            }
            return List.of(Proxy.NO_PROXY);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException e) {}
        });
    try {
      migrate(two());
      migration(folder).status();
    } finally {
      ProxySelector.setDefault(before);
    }
    assertThat(asked).isEmpty();
  }

  /** What a holder's name contains: the driver's own name for the session, where it has none. */
  protected String holderName() {
    return "tidegate ";
  }

  /** The character that quotes names. */
  protected String quote() {
    return "\"";
  }

  private static final String FORMATTED =
      "--liquibase formatted sql\n--changeset a:1\nCREATE TABLE one (id int);\n--changeset a:2\nCREATE TABLE two (id int);\n";

  @Test
  void history_of_plain_liquibase_is_gone_on_from_however_the_path_was_spelled() throws Exception {
    Path changelog = write(folder, "app/db/changes.sql", FORMATTED);
    plainLiquibase(folder, "app/db/changes.sql");
    write(
        folder,
        "app/db/changes.sql",
        FORMATTED + "--changeset a:3\nCREATE TABLE three (id int);\n");
    MigrationStatus status = migration(changelog).status();
    assertThat(status.pending()).extracting(one -> one.changeset().id()).containsExactly("3");
    assertThat(status.unexpected()).isEmpty();
    assertThat(migrate(changelog).applied()).isEqualTo(1);
    assertThat(migrate(changelog).alreadyApplied()).isEqualTo(3);
  }

  /** The history has it under a longer path; from its first run here it has a row under this one too. */
  @Test
  void changeset_that_always_runs_does_so_however_the_path_was_spelled() throws Exception {
    Path changelog =
        write(
            folder,
            "app/db/changes.sql",
            FORMATTED + "--changeset a:3 runAlways:true\nINSERT INTO one VALUES (3);\n");
    plainLiquibase(folder, "app/db/changes.sql");
    assertThat(migrate(changelog).applied()).isEqualTo(1);
    assertThat(migrate(changelog).applied()).isEqualTo(1);
    assertThat(query("SELECT count(*) FROM one")).containsExactly("3");
    assertThat(migration(changelog).status().unexpected()).isEmpty();
  }

  /** As older releases of Liquibase and Spring Boot have written it. */
  @ParameterizedTest
  @ValueSource(strings = {"classpath:", "classpath:/", "./", "/"})
  void row_of_what_runs_on_change_is_found_however_its_path_was_spelled(String before)
      throws Exception {
    String onChange =
        FORMATTED + "--changeset a:3 runOnChange:true\nINSERT INTO one VALUES (%d);\n";
    Path changelog = write(folder, "changes.sql", onChange.formatted(3));
    migrate(changelog);
    execute("UPDATE DATABASECHANGELOG SET FILENAME = '%schanges.sql'".formatted(before));
    write(folder, "changes.sql", onChange.formatted(4));
    assertThat(migrate(changelog).applied()).isEqualTo(1);
    assertThat(migrate(changelog).applied()).isZero();
    assertThat(query("SELECT id FROM one ORDER BY id")).containsExactly("3", "4");
    assertThat(query("SELECT FILENAME FROM DATABASECHANGELOG"))
        .hasSize(3)
        .containsOnly(before + "changes.sql");
  }

  private static final LiquibaseTables NAMED =
      new LiquibaseTables("app_changes", "APP_CHANGES_LOCK", null);

  /** Each goes on where the other stopped, and the row of the named lock is held meanwhile. */
  @Test
  void history_of_plain_liquibase_under_other_names_is_gone_on_from() throws Exception {
    Path changelog = write(folder, "changes.sql", FORMATTED);
    plainLiquibase(
        folder, "changes.sql", NAMED, plain -> plain.update(new Contexts(), new LabelExpression()));
    write(folder, "changes.sql", FORMATTED + "--changeset a:3\nCREATE TABLE three (id int);\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(changelog)))
        .containsIgnoringCase("LIQUIBASE_HISTORY_TABLE=app_changes");
    assertThat(migration(changelog, NAMED).plan().text())
        .contains("TABLE three")
        .doesNotContain("TABLE two");

    List<String> held = new ArrayList<>();
    MigrationOutcome outcome =
        migration(changelog, NAMED)
            .migrate(
                new MigrationListener() {
                  @Override
                  public void waiting(LockHolder holder) {}

                  @Override
                  public void started(ChangesetId changeset, int number, int of) {
                    try {
                      held.addAll(query("SELECT LOCKEDBY FROM APP_CHANGES_LOCK"));
                    } catch (SQLException e) {
                      throw new IllegalStateException(e);
                    }
                  }

                  @Override
                  public void applied(ChangesetId changeset, Duration took) {}
                });
    assertThat(outcome.applied()).isEqualTo(1);
    assertThat(outcome.alreadyApplied()).isEqualTo(2);
    assertThat(held).singleElement().asString().startsWith("tidegate ");
    assertThat(migration(changelog, NAMED).migrate(MigrationListener.NONE).alreadyApplied())
        .isEqualTo(3);
    plainLiquibase(
        folder,
        "changes.sql",
        NAMED,
        plain ->
            assertThat(plain.listUnrunChangeSets(new Contexts(), new LabelExpression())).isEmpty());
    assertThat(String.join("\n", query(databases().tablesQuery())).toLowerCase(Locale.ROOT))
        .contains("tidegate_fingerprint_app_changes")
        .doesNotContain("databasechangelog");
  }

  @Test
  void new_history_has_the_declared_names_and_is_that_of_plain_liquibase() throws Exception {
    Path changelog = write(folder, "changes.sql", FORMATTED);
    migration(changelog, NAMED).migrate(MigrationListener.NONE);
    plainLiquibase(
        folder,
        "changes.sql",
        NAMED,
        plain ->
            assertThat(plain.listUnrunChangeSets(new Contexts(), new LabelExpression())).isEmpty());
    assertThat(query("SELECT count(*) FROM app_changes")).containsExactly("2");
    assertThat(query("SELECT count(*) FROM APP_CHANGES_LOCK WHERE LOCKED = TRUE"))
        .containsExactly("0");
  }

  /** A name that was declared later, or is wrong, begins no second history. */
  @Test
  void declared_name_that_leads_away_from_the_history_is_refused() throws Exception {
    Path changelog = write(folder, "changes.sql", FORMATTED);
    migrate(changelog);
    List<String> before = query(databases().tablesQuery());
    assertThat(
            problem(
                ExitCode.CHANGELOG,
                () -> migration(changelog, NAMED).migrate(MigrationListener.NONE)))
        .containsIgnoringCase("databasechangelog");
    assertThat(query(databases().tablesQuery())).isEqualTo(before);
  }

  /** A wrong name may be that of a table of the app. */
  @ParameterizedTest
  @CsvSource({
    "orders, orders_lock",
    "app_changes, orders",
    "databasechangeloglock, databasechangelog",
    "databasechangelog, orders",
    "orders, databasechangeloglock"
  })
  void declared_name_of_another_table_is_refused_and_the_table_stays(String history, String lock)
      throws Exception {
    write(folder, "001.sql", "CREATE TABLE orders (id int, locked int, note varchar(20));\n");
    write(folder, "002.sql", "INSERT INTO orders VALUES (1, 0, 'kept');\n");
    migrate(folder);
    write(folder, "003.sql", "CREATE TABLE more (id int);\n");
    List<String> before = query(databases().tablesQuery());
    LiquibaseTables wrong = new LiquibaseTables(history, lock, null);
    assertThatThrownBy(() -> migration(folder, wrong).migrate(MigrationListener.NONE))
        .isInstanceOf(ProblemException.class);
    assertThat(query(databases().tablesQuery())).isEqualTo(before);
    assertThat(query("SELECT note FROM orders WHERE id = 1 AND locked = 0"))
        .containsExactly("kept");
    assertThat(query("SELECT count(*) FROM DATABASECHANGELOG")).containsExactly("2");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  @Test
  void file_that_would_change_the_named_history_is_refused() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);\nDROP TABLE app_changes_lock;\n");
    assertThat(
            problem(
                ExitCode.CHANGELOG, () -> migration(folder, NAMED).migrate(MigrationListener.NONE)))
        .contains("app_changes_lock", "where it is kept what ran");
  }

  @Test
  void changeset_that_may_have_run_under_another_path_is_not_run_again() throws Exception {
    write(folder, "app/db/changes.sql", FORMATTED);
    plainLiquibase(folder, "app/db/changes.sql");
    Path edited =
        write(folder, "app/db/changes.sql", FORMATTED.replace("two (id int)", "two (id bigint)"));
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(edited)))
        .contains("changes.sql::2::a", "app/db/changes.sql::2::a", "logicalFilePath");
    Path moved = write(folder, "moved/changes.sql", FORMATTED);
    assertThat(
            problem(
                ExitCode.CHANGELOG,
                () ->
                    migrate(
                        write(
                            folder,
                            "all.yaml",
                            "databaseChangeLog: [include: {file: moved/changes.sql}]\n"))))
        .contains("in another folder");
    assertThat(moved).exists();
  }

  @Test
  void stale_lock_of_liquibase_is_cleared_and_told() throws Exception {
    Path changelog = write(folder, "changes.sql", FORMATTED);
    plainLiquibase(folder, "changes.sql");
    execute(
        "UPDATE DATABASECHANGELOGLOCK SET LOCKED = TRUE, LOCKEDBY = 'gone (10.9.8.7)', LOCKGRANTED = "
            + longAgo());
    List<String> noticed = new ArrayList<>();
    migration(changelog).migrate(noticing(noticed));
    assertThat(noticed)
        .singleElement()
        .asString()
        .contains("cleared a stale lock of Liquibase's, held by gone (10.9.8.7)");
    assertThat(query("SELECT count(*) FROM DATABASECHANGELOGLOCK WHERE LOCKED = TRUE"))
        .containsExactly("0");
  }

  @Test
  void stale_lock_of_liquibase_is_left_alone_where_the_changelog_is_refused() throws Exception {
    write(folder, "changes.sql", FORMATTED);
    plainLiquibase(folder, "changes.sql");
    execute(
        "UPDATE DATABASECHANGELOGLOCK SET LOCKED = TRUE, LOCKEDBY = 'gone (10.9.8.7)', LOCKGRANTED = "
            + longAgo());
    Path other = write(folder, "001.sql", "CREATE TABLE another (id int);");
    execute("CREATE TABLE schema_migrations (version bigint, dirty int)");
    List<String> noticed = new ArrayList<>();
    assertThat(problem(ExitCode.CHANGELOG, () -> migration(other).migrate(noticing(noticed))))
        .contains("schema_migrations");
    assertThat(noticed).isEmpty();
    assertThat(query("SELECT LOCKEDBY FROM DATABASECHANGELOGLOCK WHERE LOCKED = TRUE"))
        .containsExactly("gone (10.9.8.7)");
  }

  @Test
  void live_lock_of_liquibase_is_waited_for() throws Exception {
    Path changelog = write(folder, "changes.sql", FORMATTED);
    plainLiquibase(folder, "changes.sql");
    Target target = target(database(), changelog);
    MigrationSettings hasty =
        new MigrationSettings(
            Duration.ofMillis(600), Duration.ofSeconds(5), null, Duration.ofSeconds(5));
    try (Connection live = connect(database());
        Statement statement = live.createStatement()) {
      statement.execute(
          "UPDATE DATABASECHANGELOGLOCK SET LOCKED = TRUE, LOCKEDBY = 'web (127.0.0.1)', LOCKGRANTED = "
              + justNow());
      assertThat(
              problem(
                  ExitCode.LOCKED, () -> migration(target, hasty).migrate(MigrationListener.NONE)))
          .contains("web (127.0.0.1)", "DATABASECHANGELOGLOCK");
      statement.execute("UPDATE DATABASECHANGELOGLOCK SET LOCKED = FALSE");
    }
    migrate(changelog);
  }

  /** A time long ago, as Liquibase writes it here. */
  protected String longAgo() {
    return "'2020-01-01 00:00:00'";
  }

  /** This moment, as Liquibase writes it here. */
  protected String justNow() {
    return "now()";
  }
}
