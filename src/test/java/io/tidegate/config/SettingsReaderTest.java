package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.config.Settings.HttpSettings;
import io.tidegate.config.Settings.WatchSettings;
import io.tidegate.logging.Logs.LogSettings;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.policy.Guard.Acceptance;
import io.tidegate.secret.Secret;
import io.tidegate.target.Changelog.Destructive;
import io.tidegate.target.Changelog.Destructive.Policy;
import io.tidegate.target.RetryPolicy;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Backup;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Target.Role;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
  private static final String DB = "postgresql://app@db/app";

  @TempDir private Path folder;

  @Test
  void oneVariable_isEnough() {
    Settings settings = Reading.of("DATABASE_URL", "postgresql://app:pw@db/app").settings();

    Target target = settings.targets().getFirst();
    assertThat(target.name()).isEqualTo("database");
    assertThat(target.origin()).isEqualTo("DATABASE_URL");
    assertThat(target.url()).hasToString("postgresql://db:5432/app");
    assertThat(target.credentials().username()).isEqualTo("app");
    assertThat(target.credentials().password()).isEqualTo(Secret.of("pw"));
    assertThat(target.inlinePassword()).isTrue();
    assertThat(target.purpose()).isEqualTo(Purpose.STORE);
    assertThat(target.role()).isEqualTo(Role.PRIMARY);
    assertThat(target.required()).isTrue();
    assertThat(target.readinessQuery()).isNull();
    assertThat(target.tls()).isEqualTo(TlsSettings.FROM_URL);
    assertThat(target.changelog()).isNull();
    assertThat(target.retryPolicy()).isEqualTo(RetryPolicy.DEFAULT);
    assertThat(settings.replicas()).isNull();
    assertThat(settings.migration()).isEqualTo(MigrationSettings.DEFAULT);
    assertThat(settings.watch()).isEqualTo(WatchSettings.DEFAULT);
    assertThat(settings.http()).isEqualTo(HttpSettings.DEFAULT);
    assertThat(settings.log()).isEqualTo(LogSettings.DEFAULT);
    assertThat(settings.environment()).containsKey("DATABASE_URL");
  }

  @Test
  void backup_isDeclaredByDirectoryOrArchiver() {
    assertThat(Reading.of("DATABASE_URL", DB).target().backup()).isNull();
    // The directory may be missing: that is a finding, and must not stop the app.
    assertThat(
            Reading.of("DATABASE_URL", DB)
                .env("TIDEGATE_TARGETS_DATABASE_BACKUP_DIRECTORY", "/not-there")
                .target()
                .backup())
        .isEqualTo(new Backup(Path.of("/not-there"), false, Duration.ofHours(26)));
    assertThat(
            Reading.of("DATABASE_URL", DB)
                .env("TIDEGATE_TARGETS_DATABASE_BACKUP_ARCHIVER", "true")
                .env("TIDEGATE_TARGETS_DATABASE_BACKUP_MAX_AGE", "7d12h")
                .target()
                .backup())
        .isEqualTo(new Backup(null, true, Duration.ofHours(180)));
  }

  @Test
  void destructive_isDeclaredWithWhatIsAccepted() {
    Reading changelog =
        Reading.of("DATABASE_URL", DB).env("TIDEGATE_TARGETS_DATABASE_CHANGELOG", ".");
    assertThat(destructive(changelog)).isEqualTo(Destructive.DEFAULT);
    String one = "001.sql@" + "0".repeat(32);
    String other = "a.xml::7::ann@" + "f".repeat(32);
    assertThat(
            destructive(
                changelog
                    .env("TIDEGATE_TARGETS_DATABASE_DESTRUCTIVE", "refuse")
                    .env("TIDEGATE_TARGETS_DATABASE_DESTRUCTIVE_ACCEPTED", one + ", " + other)))
        .isEqualTo(new Destructive(Policy.REFUSE, Set.of(one, other)));
  }

  private static Destructive destructive(Reading reading) {
    return Objects.requireNonNull(reading.target().changelog()).destructive();
  }

  @Test
  void wellKnownVariables_becomeTargetsOnce() {
    Settings settings =
        Reading.of("DATABASE_URL", DB)
            .env("POSTGRES_URL", DB)
            .env("REDIS_URL", "redis://:pw@cache")
            .env("MONGODB_URI", "mongodb://mongo/app")
            .env("SPRING_DATASOURCE_URL", "jdbc:mariadb://maria/app")
            .env("SPRING_DATASOURCE_USERNAME", "spring")
            .env("SPRING_DATASOURCE_PASSWORD", "spring-pw")
            .settings();

    assertThat(settings.targets())
        .extracting(Target::name)
        .containsExactly("database", "redis", "mongodb", "spring-datasource");
    Target spring = settings.targets().getLast();
    assertThat(spring.credentials().username()).isEqualTo("spring");
    assertThat(spring.credentials().password()).isEqualTo(Secret.of("spring-pw"));
    assertThat(spring.inlinePassword()).isFalse();
  }

  /** The gate was opened while a secret was missing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DATABASE_URL",
        "MYSQL_URL",
        "REDIS_URL",
        "MONGODB_URI",
        "SPRING_DATASOURCE_URL",
        "DATABASE_URL_FILE",
        "TIDEGATE_TARGETS_OTHER_URL",
        "TIDEGATE_TARGETS_OTHER_URL_FILE"
      })
  void emptyVariable_ofATarget_isASecretThatIsMissing(String variable) {
    String other = variable.startsWith("TIDEGATE") ? "TIDEGATE_TARGETS_DB_URL" : "VALKEY_URL";
    Reading reading = Reading.of(variable, "").env(other, "redis://cache");
    assertThat(reading.refusal().exit().number()).isEqualTo(78);
    assertThat(reading.problem()).startsWith(variable + ": ");
    assertThat(Reading.of(variable, "").refusal().exit().number()).isEqualTo(78);
  }

  @Test
  void emptyVariable_besideItsFile_orBesideDeclaredUrls_isNone(@TempDir Path folder) {
    String file = Reading.file(folder, "url", DB).toString();
    assertThat(Reading.of("DATABASE_URL", "").env("DATABASE_URL_FILE", file).target().url())
        .hasToString("postgresql://db:5432/app");
    assertThat(Reading.of("DATABASE_URL", DB).env("DATABASE_URL_FILE", "").settings().targets())
        .hasSize(1);
    assertThat(Reading.of("DATABASE_URL", "").env("TIDEGATE_TARGETS_DB_URL", DB).target().name())
        .isEqualTo("db");
    assertThat(
            Reading.of("TIDEGATE_TARGETS_DB_URL", DB)
                .env("TIDEGATE_TARGETS_DB_URL_FILE", "")
                .target()
                .name())
        .isEqualTo("db");
  }

  @ParameterizedTest
  @ValueSource(strings = {"url:", "url: ''", "url-file: ''", "url: '  '"})
  void emptyUrl_inTheYamlFile_isRefused(String line, @TempDir Path folder) {
    assertThat(
            new Reading()
                .yaml(folder, "targets:\n  a: {url: 'redis://h'}\n  b:\n    " + line + "\n")
                .refusal()
                .exit()
                .number())
        .isEqualTo(78);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"%s\"", "'%s'", " \"%s\" ", "\" %s\""})
  void quotesAroundAUrl_areLeftOutWithAWarning(String quoted, @TempDir Path folder) {
    String text = quoted.formatted("postgresql://app:s3cr3t@db/app");
    Settings settings = Reading.of("DATABASE_URL", text).settings();
    assertThat(settings.targets().getFirst().url()).hasToString("postgresql://db:5432/app");
    assertThat(settings.warnings())
        .singleElement()
        .asString()
        .contains("DATABASE_URL", "in quotes")
        .doesNotContain("s3cr3t");
    String file = Reading.file(folder, "url", text + "\n").toString();
    assertThat(Reading.of("DATABASE_URL_FILE", file).settings().warnings()).hasSize(1);
    assertThat(Reading.of("DATABASE_URL", DB).settings().warnings()).isEmpty();
    assertThat(Reading.of("DATABASE_URL", "\"\"").problem()).contains("the URL is empty");
  }

  @Test
  void wellKnownTarget_takesFurtherKeys_andGivesWayToDeclaredUrls() {
    Reading reading =
        Reading.of("REDIS_URL", "redis://cache").env("TIDEGATE_TARGETS_REDIS_PURPOSE", "cache");
    assertThat(reading.target().purpose()).isEqualTo(Purpose.CACHE);

    reading.env("TIDEGATE_TARGETS_REDIS_URL", "redis://other");
    assertThat(reading.target().url()).hasToString("redis://other:6379");
  }

  @Test
  void emptyPasswordInUrl_isNotAnInlinePassword() {
    assertThat(Reading.of("MYSQL_URL", "mysql://root:@db/app").target().inlinePassword()).isFalse();
  }

  @Test
  void loneUserOfRedis_isThePassword() {
    Target target = Reading.of("REDIS_URL", "redis://lone-secret@cache").target();
    assertThat(target.credentials().username()).isNull();
    assertThat(target.credentials().password()).isEqualTo(Secret.of("lone-secret"));
    assertThat(target.inlinePassword()).isTrue();

    Target withFile =
        Reading.of("REDIS_URL", "redis://app@cache")
            .env("TIDEGATE_TARGETS_REDIS_PASSWORD", "elsewhere")
            .target();
    assertThat(withFile.credentials().username()).isEqualTo("app");
  }

  @Test
  void everyKey_isReadFromYaml() {
    Path changelog = Reading.file(folder, "changelog.sql", "select 1");
    Path pem = Reading.file(folder, "some.pem", "pem");
    Settings settings =
        new Reading()
            .yaml(
                folder,
                """
                tidegate:
                  replicas: 3
                  replicas-dns: tasks.web
                  kubernetes: {service-account: /run/account}
                  deadline: 2m
                  watch: {interval: 10s, failures: 5, recount: 1m}
                  migration:
                    lock-wait: 1h
                    lock-timeout: 2s
                    statement-timeout: 1m30s
                    stop-grace: 0s
                  http: {host: 127.0.0.1, port: 9000}
                  log: {format: json, level: debug}
                  accept:
                    sqlite-replicas: {reason: one pod writes, until: 2027-01-31}
                  targets:
                    my_db:
                      url: postgresql://app@db/app
                      password: 0123
                      changelog: %1$s
                      contexts: [prod, eu]
                      labels: "!slow"
                      role: any
                      required: false
                      readiness-query: select 1 from t
                      tls:
                        mode: verify-full
                        ca-file: %2$s
                        certificate-file: %2$s
                        key-file: %2$s
                      deadline: PT10M
                      attempt-timeout: 1s
                      first-delay: 10ms
                      delay-cap-early: 20ms
                      delay-cap: 30ms
                      successes: 2
                      permanent-grace: 0s
                    cache:
                      url: redis://cache
                      purpose: rate-limit
                """
                    .formatted(changelog, pem))
            .settings();

    assertThat(settings.replicas()).isEqualTo(3);
    assertThat(settings.replicasDns()).isEqualTo("tasks.web");
    assertThat(settings.serviceAccount()).isEqualTo(Path.of("/run/account"));
    assertThat(settings.watch())
        .isEqualTo(new WatchSettings(Duration.ofSeconds(10), 5, Duration.ofMinutes(1)));
    assertThat(settings.migration())
        .isEqualTo(
            new MigrationSettings(
                Duration.ofHours(1), Duration.ofSeconds(2), Duration.ofSeconds(90), Duration.ZERO));
    assertThat(settings.http()).isEqualTo(new HttpSettings("127.0.0.1", 9000));
    assertThat(settings.log())
        .isEqualTo(new LogSettings(LogSettings.LogFormat.JSON, LogSettings.LogLevel.DEBUG));
    assertThat(settings.acceptances())
        .containsExactly(
            new Acceptance("sqlite-replicas", "one pod writes", LocalDate.of(2027, 1, 31)));
    Target db = settings.targets().getFirst();
    assertThat(db.name()).isEqualTo("my-db");
    assertThat(db.origin()).endsWith("tidegate.yaml line 18");
    assertThat(db.credentials().password()).isEqualTo(Secret.of("0123"));
    assertThat(db.role()).isEqualTo(Role.ANY);
    assertThat(db.required()).isFalse();
    assertThat(db.readinessQuery()).isEqualTo("select 1 from t");
    assertThat(db.tls()).isEqualTo(new TlsSettings(TlsSettings.Mode.VERIFY_FULL, pem, pem, pem));
    assertThat(db.changelog())
        .isEqualTo(new io.tidegate.target.Changelog(changelog, "prod,eu", "!slow"));
    assertThat(db.retryPolicy())
        .isEqualTo(
            new RetryPolicy(
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                Duration.ofMillis(10),
                Duration.ofMillis(20),
                Duration.ofMillis(30),
                2,
                Duration.ZERO));
    Target cache = settings.targets().getLast();
    assertThat(cache.purpose()).isEqualTo(Purpose.RATE_LIMIT);
    assertThat(cache.retryPolicy().deadline()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void flags_overrideEnvironment_andThatOverridesYaml() {
    Reading reading =
        new Reading()
            .yaml(folder, "targets: {db: {url: 'postgresql://yaml/a', password: p}}\nreplicas: 1");
    assertThat(reading.target().url().host().host()).isEqualTo("yaml");

    Path password = Reading.file(folder, "password", "from-file\n");
    reading
        .env("TIDEGATE_TARGETS_DB_URL", "postgresql://env/a")
        .env("TIDEGATE_TARGETS_DB_PASSWORD_FILE", password.toString())
        .env("TIDEGATE_REPLICAS", "2");
    assertThat(reading.target().url().host().host()).isEqualTo("env");
    assertThat(reading.target().credentials().password()).isEqualTo(Secret.of("from-file"));
    assertThat(reading.settings().replicas()).isEqualTo(2);

    reading.flag("targets.db.url", "postgresql://flag/a").flag("tidegate.replicas", "3");
    assertThat(reading.target().url().host().host()).isEqualTo("flag");
    assertThat(reading.settings().replicas()).isEqualTo(3);
  }

  @Test
  void variableOfTarget_mayHaveUnderscoresInItsName() {
    Target target =
        Reading.of("TIDEGATE_TARGETS_MY_OLD_DB_URL", DB)
            .env("TIDEGATE_TARGETS_MY_OLD_DB_DELAY_CAP_EARLY", "70ms")
            .target();
    assertThat(target.name()).isEqualTo("my-old-db");
    assertThat(target.retryPolicy().earlyCap()).isEqualTo(Duration.ofMillis(70));
  }

  @Test
  void secretsInFiles_areReadAgainAtEachUse() throws Exception {
    Path password = Reading.file(folder, "password", "first\n");
    Path user = Reading.file(folder, "user", "app\r\n");
    Target target =
        Reading.of("TIDEGATE_TARGETS_DB_URL", "postgresql://db/app")
            .env("TIDEGATE_TARGETS_DB_USERNAME_FILE", user.toString())
            .env("TIDEGATE_TARGETS_DB_PASSWORD_FILE", password.toString())
            .target();
    assertThat(target.inlinePassword()).isFalse();
    assertThat(target.credentials().username()).isEqualTo("app");
    assertThat(target.credentials().password()).isEqualTo(Secret.of("first"));

    Files.writeString(password, " second \n");
    assertThat(target.credentials().password()).isEqualTo(Secret.of(" second "));
  }

  @Test
  void urlInFile_isReadAgainForItsCredentials() throws Exception {
    Path url = Reading.file(folder, "url", "postgresql://a:first@db/app\n");
    Target target = Reading.of("DATABASE_URL_FILE", url.toString()).target();
    assertThat(target.origin()).isEqualTo("DATABASE_URL_FILE");
    assertThat(target.inlinePassword()).isFalse();
    assertThat(target.credentials().password()).isEqualTo(Secret.of("first"));

    Files.writeString(url, "postgresql://b:second@db/app");
    assertThat(target.credentials().username()).isEqualTo("b");
    assertThat(target.credentials().password()).isEqualTo(Secret.of("second"));
  }

  @Test
  void changelogWithoutTarget_isForTheOneThatCanBeMigrated() {
    Target db =
        Reading.of("DATABASE_URL", DB)
            .env("REDIS_URL", "redis://cache")
            .env("TIDEGATE_CHANGELOG", folder.toString())
            .settings()
            .targets()
            .getFirst();
    assertThat(db.changelog()).isEqualTo(new io.tidegate.target.Changelog(folder, "", ""));
  }

  @Test
  void role_isPrimaryWhereThereIsOneOrAChangelog() {
    assertThat(Reading.of("DATABASE_URL", "file:./dev.db").target().role()).isEqualTo(Role.ANY);
    assertThat(
            Reading.of("DATABASE_URL", "file:./dev.db")
                .env("TIDEGATE_CHANGELOG", folder.toString())
                .target()
                .role())
        .isEqualTo(Role.PRIMARY);
  }

  @Test
  void variablesOfAKubernetesServiceCalledTidegate_areIgnored() {
    Settings settings =
        Reading.of("DATABASE_URL", DB)
            .env("TIDEGATE_SERVICE_HOST", "10.0.0.1")
            .env("TIDEGATE_SERVICE_PORT", "8433")
            .env("TIDEGATE_SERVICE_PORT_HTTP", "8433")
            .env("TIDEGATE_PORT", "tcp://10.0.0.1:8433")
            .env("TIDEGATE_PORT_8433_TCP", "tcp://10.0.0.1:8433")
            .env("TIDEGATE_PORT_8433_TCP_PROTO", "tcp")
            .env("TIDEGATE_PORT_8433_TCP_PORT", "8433")
            .env("TIDEGATE_PORT_8433_TCP_ADDR", "10.0.0.1")
            .env("TIDEGATE_HTTP_SERVICE_HOST", "10.0.0.1")
            .env("TIDEGATE_HTTP_PORT", "tcp://10.0.0.1:8433")
            .settings();
    assertThat(settings.http()).isEqualTo(HttpSettings.DEFAULT);
  }
}
