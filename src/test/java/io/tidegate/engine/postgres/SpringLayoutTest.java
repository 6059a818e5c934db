package io.tidegate.engine.postgres;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.DialectFixture;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Changelog;
import io.tidegate.target.Changelog.Format;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import liquibase.integration.spring.SpringLiquibase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * Changelogs whose paths lead from the root of the resources, as Spring Boot and JHipster lay them out:
 * case 50-spring-layout. They are recorded as Spring records them, and its history is theirs.
 */
final class SpringLayoutTest extends DialectFixture {
  private static final PostgresServer SERVER = new PostgresServer();

  @RegisterExtension static final PostgresDatabases DATABASES = new PostgresDatabases(SERVER);
  private static final Path RESOURCES =
      Path.of("src/test/resources/cases/50-spring-layout/resources");

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @ParameterizedTest
  @ValueSource(strings = {"db.changelog-master.yaml", "cp.yaml", "cpslash.yaml", "all.yaml"})
  void root_is_found_where_the_paths_lead_from(String master) throws Exception {
    Path changelog = RESOURCES.resolve("db/changelog").resolve(master);
    assertThat(migrate(changelog).applied()).isEqualTo(1);
    assertThat(migrate(changelog).alreadyApplied()).isEqualTo(1);
    assertThat(query("SELECT filename FROM databasechangelog"))
        .containsExactly("db/changelog/changes/001.yaml");
  }

  @ParameterizedTest
  @ValueSource(strings = {"db.changelog-master.yaml", "cp.yaml", "cpslash.yaml", "all.yaml"})
  void history_of_spring_is_that_of_the_same_files(String master) throws Exception {
    migrateWithSpring(RESOURCES, "classpath:/db/changelog/" + master);
    var before = query("SELECT filename || id || md5sum FROM databasechangelog");
    MigrationOutcome outcome = migrate(RESOURCES.resolve("db/changelog").resolve(master));
    assertThat(outcome.applied()).isZero();
    assertThat(outcome.alreadyApplied()).isEqualTo(1);
    assertThat(query("SELECT filename || id || md5sum FROM databasechangelog")).isEqualTo(before);
  }

  /** JHipster's: XML, with changesets in the master too. */
  @Test
  void history_of_a_master_with_changesets_of_its_own() throws Exception {
    Path master =
        write(
            folder,
            "config/liquibase/master.xml",
            xml(
                """
                <include file="config/liquibase/changelog/00000000000000_initial_schema.xml" relativeToChangelogFile="false"/>
                <changeSet id="own" author="a"><sql>CREATE TABLE own (id int)</sql></changeSet>
                """));
    write(
        folder,
        "config/liquibase/changelog/00000000000000_initial_schema.xml",
        xml("<changeSet id=\"1\" author=\"a\"><sql>CREATE TABLE t (id int)</sql></changeSet>"));
    migrateWithSpring(folder, "classpath:config/liquibase/master.xml");
    assertThat(migrate(master).alreadyApplied()).isEqualTo(2);
    assertThat(query("SELECT filename FROM databasechangelog ORDER BY orderexecuted"))
        .containsExactly(
            "config/liquibase/changelog/00000000000000_initial_schema.xml",
            "config/liquibase/master.xml");
  }

  @Test
  void declared_root_is_taken() throws Exception {
    Path master =
        write(
            folder,
            "app/db/master.yaml",
            """
            databaseChangeLog:
              - changeSet:
                  id: 1
                  author: a
                  changes:
                    - sql: { sql: "CREATE TABLE t (id int)" }
            """);
    Changelog changelog = new Changelog(master, "", "", null, Set.of(), folder, Format.PLAIN);
    Migration migration =
        migration(
            SqlTargets.with(target(database(), master), changelog), MigrationSettings.DEFAULT);
    assertThat(migration.migrate(MigrationListener.NONE).applied()).isEqualTo(1);
    assertThat(query("SELECT filename FROM databasechangelog"))
        .containsExactly("app/db/master.yaml");
  }

  @Test
  void path_above_the_root_is_not_followed() throws Exception {
    Files.createDirectories(folder.resolve("elsewhere"));
    write(folder, "elsewhere/other.yaml", "databaseChangeLog: []\n");
    Path master =
        write(
            folder,
            "db/changelog/master.yaml",
            "databaseChangeLog:\n  - include: { file: elsewhere/other.yaml }\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(master))).contains("elsewhere/other.yaml");
  }

  private static String xml(String content) {
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
        xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
            http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
    %s
    </databaseChangeLog>
    """
        .formatted(content);
  }

  private void migrateWithSpring(Path resources, String changelog) throws Exception {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setPortNumbers(new int[] {SERVER.port()});
    source.setDatabaseName(database());
    source.setUser(PostgresServer.USER);
    source.setPassword(PostgresServer.PASSWORD);
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {resources.toUri().toURL()}, SpringLayoutTest.class.getClassLoader())) {
      SpringLiquibase liquibase = new SpringLiquibase();
      liquibase.setDataSource(source);
      liquibase.setChangeLog(changelog);
      liquibase.setResourceLoader(new DefaultResourceLoader(loader));
      liquibase.afterPropertiesSet();
    }
  }
}
