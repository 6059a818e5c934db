package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.secret.Secret;
import io.tidegate.target.Target;
import io.tidegate.target.TlsPolicy.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a target is connected to for migrating, where that is declared apart. */
class MigrationConnectionTest {
  private static final String MIGRATION = "TIDEGATE_TARGETS_DATABASE_MIGRATION_";

  @TempDir private Path folder;
  private Reading reading = new Reading();

  @BeforeEach
  void migrated() {
    Reading.file(folder, "001.sql", "SELECT 1;");
    reading = target("postgresql://app:app-secret@pooler:6432/app");
  }

  private Reading target(String url) {
    return Reading.of("DATABASE_URL", url).env("TIDEGATE_CHANGELOG", folder.toString());
  }

  @Test
  void target_isMigratedByItsOwnConnection_whereNothingElseIsDeclared() {
    Target target = reading.target();
    assertThat(target.forMigration()).isSameAs(target);
  }

  @Test
  void user_isAnotherAtTheSameUrl_andTheTargetKeepsItsOwn() {
    Target target =
        reading
            .env(MIGRATION + "USERNAME", "owner")
            .env(MIGRATION + "PASSWORD", "owner-secret")
            .target();
    Target migrated = target.forMigration();
    assertThat(migrated.url()).isEqualTo(target.url());
    assertThat(migrated.credentials().username()).isEqualTo("owner");
    assertThat(migrated.credentials().password()).isEqualTo(Secret.of("owner-secret"));
    assertThat(migrated.inlinePassword()).isFalse();
    assertThat(migrated.name()).isEqualTo(target.name());
    assertThat(migrated.changelog()).isEqualTo(target.changelog());
    assertThat(migrated.forMigration()).isSameAs(migrated);
    assertThat(target.credentials().username()).isEqualTo("app");
    assertThat(target.credentials().password()).isEqualTo(Secret.of("app-secret"));
  }

  @Test
  void url_withoutAUser_isForTheTargetsOwn() {
    Target migrated =
        reading.env(MIGRATION + "URL", "postgresql://db:5432/app").target().forMigration();
    assertThat(migrated.url()).hasToString("postgresql://db:5432/app");
    assertThat(migrated.origin()).isEqualTo(MIGRATION + "URL");
    assertThat(migrated.credentials().username()).isEqualTo("app");
    assertThat(migrated.credentials().password()).isEqualTo(Secret.of("app-secret"));
  }

  @Test
  void url_withAUserAndPassword_isComplete() {
    Target migrated =
        reading
            .env(MIGRATION + "URL", "postgresql://owner:pw-owner@db/app")
            .target()
            .forMigration();
    assertThat(migrated.credentials().username()).isEqualTo("owner");
    assertThat(migrated.credentials().password()).isEqualTo(Secret.of("pw-owner"));
    assertThat(migrated.inlinePassword()).isTrue();
  }

  @Test
  void passwordOfTheApp_isNeverThatOfAnotherUser() {
    Target migrated = reading.env(MIGRATION + "USERNAME", "owner").target().forMigration();
    assertThat(migrated.credentials().password()).isNull();
  }

  @Test
  void files_areReadAgain_andAnErrorNamesTheKeyOfTheFile() throws Exception {
    Path url = Reading.file(folder, "url.txt", "postgresql://owner@db/app");
    Path password = Reading.file(folder, "password.txt", "first-one");
    Target migrated =
        reading
            .env(MIGRATION + "URL_FILE", url.toString())
            .env(MIGRATION + "PASSWORD_FILE", password.toString())
            .target()
            .forMigration();
    assertThat(migrated.credentials().password()).isEqualTo(Secret.of("first-one"));
    Files.writeString(password, "second-one");
    Files.writeString(url, "postgresql://other@db/app");
    assertThat(migrated.credentials().username()).isEqualTo("other");
    assertThat(migrated.credentials().password()).isEqualTo(Secret.of("second-one"));
    Files.delete(password);
    assertThatThrownBy(() -> migrated.credentials().password())
        .hasMessageContaining(MIGRATION + "PASSWORD_FILE");
  }

  @Test
  void fileOfAPassword_thatIsNotThere_isNamedByItsKey() {
    assertThat(
            reading
                .yaml(
                    folder,
                    """
                    targets:
                      database:
                        migration:
                          username: owner
                          password-file: /not-there
                    """)
                .problem())
        .contains("tidegate.yaml line 5");
    assertThat(
            target("postgresql://app@h/app")
                .env(MIGRATION + "PASSWORD_FILE", "/not-there")
                .problem())
        .contains(MIGRATION + "PASSWORD_FILE");
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql://db/other, names the database other",
    "postgresql://db/, names no database",
    "mysql://db/app, is of MySQL",
    "sqlite:app.db, is of SQLite",
    "postgresql://db/app?sslmode=perhaps, sslmode",
  })
  void url_thatLeadsElsewhere_isRefused(String url, String why) {
    assertThat(reading.env(MIGRATION + "URL", url).problem()).contains(MIGRATION + "URL", why);
  }

  @Test
  void url_thatIsEmpty_isASecretThatIsMissing() {
    assertThat(reading.env(MIGRATION + "URL", "").problem()).contains(MIGRATION + "URL", "empty");
  }

  @Test
  void user_atAUrlWithoutADatabase_isRefused() {
    assertThat(target("postgresql://app@db").env(MIGRATION + "USERNAME", "owner").problem())
        .contains("DATABASE_URL", "names no database");
  }

  /** A schema that only the migration names has a history of its own, so that all would run again. */
  @Test
  void schema_thatOnlyTheMigrationNames_isRefused() {
    assertThat(reading.env(MIGRATION + "URL", "postgresql://o@db/app?currentSchema=ops").problem())
        .contains(MIGRATION + "URL", "names a schema, and", "does not");
  }

  @Test
  void schema_thatTheTargetNames_isNamedByBoth() {
    String named = "postgresql://app@pooler/app?currentSchema=orders";
    assertThat(target(named).env(MIGRATION + "URL", "postgresql://o@db/app").problem())
        .contains(MIGRATION + "URL", "does not name the schema");
    assertThat(
            target(named)
                .env(MIGRATION + "URL", "postgresql://o@db/app?search_path=orders")
                .target()
                .migration())
        .isNotNull();
  }

  @Test
  void variablesBesideTheUrl_holdForBoth() {
    Target target =
        target("postgresql://app@pooler/app")
            .env("PGSSLMODE", "verify-full")
            .env(MIGRATION + "URL", "postgresql://owner@db/app")
            .target();
    assertThat(target.tlsPolicy().level()).isEqualTo(Level.VERIFY_FULL);
    assertThat(target.forMigration().tlsPolicy().level()).isEqualTo(Level.VERIFY_FULL);
  }

  @Test
  void target_withoutAChangelogOrUsers_isRefused() {
    assertThat(
            Reading.of("DATABASE_URL", "postgresql://app@db/app")
                .env(MIGRATION + "USERNAME", "owner")
                .problem())
        .contains(MIGRATION + "USERNAME", "has no changelog");
    assertThat(target("sqlite:////data/app.db").env(MIGRATION + "USERNAME", "owner").problem())
        .contains(MIGRATION + "USERNAME", "a file");
  }

  @Test
  void secrets_areNeverShown() {
    Settings settings =
        reading.env(MIGRATION + "URL", "postgresql://owner:c4n4ry-Tweet@db/app").settings();
    Target migrated = settings.targets().getFirst().forMigration();
    assertThat(settings + "" + migrated + migrated.credentials()).doesNotContain("c4n4ry");
  }
}
