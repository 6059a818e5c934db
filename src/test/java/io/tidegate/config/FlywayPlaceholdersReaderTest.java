package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.secret.Redactor;
import io.tidegate.target.Changelog;
import io.tidegate.target.FlywayPlaceholders;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is declared of the placeholders of a Flyway folder. */
class FlywayPlaceholdersReaderTest {
  private static final String PREFIX = "TIDEGATE_TARGETS_MY_DB_";

  @TempDir private Path folder;

  private Reading db() {
    return Reading.of(PREFIX + "URL", "postgresql://app@db/app")
        .env(PREFIX + "CHANGELOG", folder.toString())
        .env(PREFIX + "FORMAT", "flyway");
  }

  private static FlywayPlaceholders read(Reading reading) {
    Changelog changelog = Objects.requireNonNull(reading.target().changelog());
    return changelog.placeholders();
  }

  @Test
  void nothing_isDeclared() {
    assertThat(read(db())).isEqualTo(FlywayPlaceholders.NONE);
  }

  @Test
  void values_haveTheNamesOfFlyway_howeverTheyAreSpelled() {
    Reading reading =
        db().env(PREFIX + "FLYWAY_PLACEHOLDERS_APP_USER", "a=${b}, c ")
            .env(PREFIX + "FLYWAY_PLACEHOLDERS_URL", "u")
            .flag("targets.my-db.flyway.placeholders.flag", "f")
            .yaml(
                folder,
                """
                targets:
                  my_db:
                    flyway:
                      placeholders:
                        app_user: not this one
                        tableSpace.x: 17
                        flyway:workingDirectory: /flyway
                        empty: ""
                """);
    assertThat(read(reading).values())
        .isEqualTo(
            Map.of(
                "app-user", "a=${b}, c ",
                "url", "u",
                "flag", "f",
                "tablespace-x", "17",
                "flyway-workingdirectory", "/flyway",
                "empty", ""));
    assertThat(read(reading).toString()).doesNotContain("u,", "17");
  }

  @Test
  void prefixSuffixAndReplacement_areFlywaysSettings() {
    Reading reading =
        db().env(PREFIX + "FLYWAY_PLACEHOLDER_PREFIX", "##[")
            .env(PREFIX + "FLYWAY_PLACEHOLDER_SUFFIX", "]")
            .env(PREFIX + "FLYWAY_PLACEHOLDER_REPLACEMENT", "false");
    assertThat(read(reading)).isEqualTo(new FlywayPlaceholders(false, "##[", "]", Map.of()));
  }

  @Test
  void secretValue_isInAFileOrCalledSo_andMasked() {
    Path file = Reading.file(folder, "role-password", "canary-of-a-role\n");
    Reading reading =
        db().env(PREFIX + "FLYWAY_PLACEHOLDERS_ROLE_FILE", file.toString())
            .env(PREFIX + "FLYWAY_PLACEHOLDERS_OTHER_PASSWORD", "canary-of-another")
            .env(PREFIX + "FLYWAY_PLACEHOLDERS_SCHEMA", "canary-of-none");
    assertThat(read(reading).values())
        .isEqualTo(
            Map.of(
                "role", "canary-of-a-role",
                "other-password", "canary-of-another",
                "schema", "canary-of-none"));
    assertThat(Redactor.redact("canary-of-a-role canary-of-another canary-of-none"))
        .isEqualTo("*** *** canary-of-none");
  }

  @Test
  void fileThatIsMissing_andValueBesideAFile_areRefused() {
    assertThat(db().env(PREFIX + "FLYWAY_PLACEHOLDERS_ROLE_FILE", "/none/role").problem())
        .contains(PREFIX + "FLYWAY_PLACEHOLDERS_ROLE_FILE", "does not exist");
    Path file = Reading.file(folder, "role", "x");
    assertThat(
            db().env(PREFIX + "FLYWAY_PLACEHOLDERS_ROLE_FILE", file.toString())
                .env(PREFIX + "FLYWAY_PLACEHOLDERS_ROLE", "y")
                .problem())
        .contains("both inline and in a file");
  }

  @Test
  void settings_areRefusedWhereTheFolderIsNotFlyways() {
    for (String key : new String[] {"PLACEHOLDERS_A", "PLACEHOLDER_PREFIX"}) {
      assertThat(db().env(PREFIX + "FORMAT", "goose").env(PREFIX + "FLYWAY_" + key, "a").problem())
          .contains(PREFIX + "FLYWAY_" + key, "placeholders of a Flyway folder");
    }
    assertThat(
            db().env(PREFIX + "FORMAT", "auto").env(PREFIX + "FLYWAY_PLACEHOLDERS_A", "a").target())
        .isNotNull();
  }

  @Test
  void unknownKey_isReported() {
    assertThat(db().env(PREFIX + "FLYWAY_PLACEHOLDER_A", "a").problem())
        .contains("unknown variable");
    assertThat(db().env(PREFIX + "FLYWAY_PLACEHOLDERS_", "a").problem())
        .contains("unknown variable");
    assertThat(db().env(PREFIX + "FLYWAY_TABLE", "a").problem()).contains("unknown variable");
  }
}
