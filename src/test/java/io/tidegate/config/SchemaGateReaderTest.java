package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.problem.ExitCode;
import io.tidegate.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is declared of a schema that another tool keeps, and every mistake in it. */
class SchemaGateReaderTest {
  private static final String PREFIX = "TIDEGATE_TARGETS_DB_SCHEMA_";

  @TempDir Path folder;

  private static Reading db(String... gate) {
    Reading reading = Reading.of("TIDEGATE_TARGETS_DB_URL", "postgresql://app@db/app");
    for (int i = 0; i < gate.length; i += 2) {
      reading = reading.env(PREFIX + gate[i], gate[i + 1]);
    }
    return reading;
  }

  @Test
  void a_tool_and_a_revision_make_a_gate_and_nothing_makes_none() {
    assertThat(db("TOOL", "ef-core", "REVISION", "20240101000000_A").target())
        .satisfies(target -> assertThat(target.schemaGate()).isNotNull());
    assertThat(db().target().schemaGate()).isNull();
  }

  @Test
  void a_directory_makes_a_gate() throws IOException {
    Files.writeString(folder.resolve("a.py"), "revision = 'a1'\ndown_revision = None\n");
    assertThat(
            db("TOOL", "alembic", "DIRECTORY", folder.toString(), "AHEAD", "refuse")
                .target()
                .schemaGate())
        .isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          alembic        | head               | is no revision that Alembic's history can hold. Write the revision's own id
          django         | 0001_initial       | is no migration that Django's history can hold. Write app.migration
          rails          | 2024_create_orders | is no version that Rails's history can hold. Write the number
          golang-migrate | 3,                 | is no version that golang-migrate's history can hold
          flyway         | V2.1               | is no version that Flyway's history can hold. Write the version, as 2.1
          typeorm        | Init               | is no migration that TypeORM's history can hold
          """)
  void a_revision_that_can_never_be_reached_is_refused(String tool, String revision, String says) {
    assertThat(db("TOOL", tool, "REVISION", revision).problem())
        .contains(PREFIX + "REVISION", says);
  }

  @Test
  void a_tool_needs_either_a_revision_or_a_directory() {
    assertThat(db("TOOL", "rails").problem())
        .contains(PREFIX + "TOOL: names a tool, and not how far", "Set either");
    assertThat(db("TOOL", "rails", "REVISION", "1", "DIRECTORY", folder.toString()).problem())
        .contains("has both a revision and a directory");
    assertThat(db("REVISION", "1").problem())
        .contains(PREFIX + "REVISION", "no tool is declared", "Set " + PREFIX + "TOOL too");
    assertThat(db("TOOL", "sqitch", "REVISION", "1").problem())
        .contains(PREFIX + "TOOL", "Write one of alembic, django");
  }

  @ParameterizedTest
  @ValueSource(strings = {"audit.", ".versions", "audit..versions", "."})
  void a_history_table_without_a_name_is_refused_rather_than_waited_for(String table) {
    assertThat(db("TOOL", "rails", "REVISION", "1", "HISTORY_TABLE", table).problem())
        .contains(PREFIX + "HISTORY_TABLE: names no table");
  }

  @Test
  void a_folder_that_is_none_of_the_tool_s_is_refused() throws IOException {
    assertThat(db("TOOL", "rails", "DIRECTORY", folder + "/gone").problem())
        .contains(PREFIX + "DIRECTORY", "gone, which does not exist");
    assertThat(db("TOOL", "rails", "DIRECTORY", folder.toString()).problem())
        .contains(PREFIX + "DIRECTORY", "which holds no migration of Rails");
    Path file = Files.writeString(folder.resolve("a.py"), "revision = make()\n");
    assertThat(db("TOOL", "alembic", "DIRECTORY", file.toString()).problem())
        .contains("which is not a directory");
    var refusal = db("TOOL", "alembic", "DIRECTORY", folder.toString()).refusal();
    assertThat(refusal.exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(refusal.getMessage()).contains("a.py, whose revision is computed");
    assertThat(db("TOOL", "liquibase", "DIRECTORY", folder.toString()).problem())
        .contains("schema.revision");
  }

  @Test
  void a_changelog_on_the_same_target_and_an_engine_without_sql_are_refused() {
    assertThat(
            db("TOOL", "rails", "REVISION", "1")
                .env("TIDEGATE_TARGETS_DB_CHANGELOG", folder.toString())
                .problem())
        .contains("another tool keeps the schema of db, to which a changelog is applied");
    assertThat(
            Reading.of("TIDEGATE_TARGETS_DB_URL", "redis://cache")
                .env(PREFIX + "TOOL", "rails")
                .env(PREFIX + "REVISION", "1")
                .problem())
        .contains("db is Redis, which has no history of migrations in SQL");
  }

  @Test
  void a_changelog_without_a_target_s_name_is_for_the_one_that_no_other_tool_keeps() {
    var targets =
        db("TOOL", "rails", "REVISION", "1")
            .env("TIDEGATE_TARGETS_OWN_URL", "mysql://app@other/app")
            .env("TIDEGATE_CHANGELOG", folder.toString())
            .settings()
            .targets();
    assertThat(targets)
        .filteredOn(target -> target.changelog() != null)
        .extracting(Target::name)
        .containsExactly("own");
    assertThat(
            db("TOOL", "rails", "REVISION", "1")
                .env("TIDEGATE_CHANGELOG", folder.toString())
                .problem())
        .contains("TIDEGATE_CHANGELOG: no target can be migrated");
  }

  @Test
  void newer_revisions_can_be_refused_only_where_they_can_be_told() {
    assertThat(db("TOOL", "alembic", "REVISION", "a1", "AHEAD", "refuse").problem())
        .contains("do not tell what is newer", "Declare the directory");
    assertThat(db("TOOL", "liquibase", "REVISION", "me:1", "AHEAD", "refuse").problem())
        .contains("Take schema.ahead out");
  }
}
