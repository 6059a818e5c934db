package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every mistake in the configuration, each with its message. */
class SettingsProblemsTest {
  private static final String DB = "postgresql://app@db/app";

  @TempDir private Path folder;

  private static Reading db() {
    return Reading.of("TIDEGATE_TARGETS_DB_URL", DB);
  }

  @Test
  void noTarget_namesTheOneVariable() {
    assertThat(new Reading().config(Reading.file(folder, "empty.yaml", "")).problem())
        .contains("no target is declared", "Set DATABASE_URL");
  }

  @ParameterizedTest
  @CsvSource({
    "TIDEGATE_REPLICSA, TIDEGATE_REPLICAS",
    "TIDEGATE_TARGETS_DB_PASWORD, TIDEGATE_TARGETS_DB_PASSWORD",
    "TIDEGATE_TARGETS_MY_DB_READYNESS_QUERY, TIDEGATE_TARGETS_MY_DB_READINESS_QUERY",
    "TIDEGATE_DEAD_LINE, TIDEGATE_DEADLINE",
    "TIDEGATE_TIMEOUT, TIDEGATE_DEADLINE",
    "TIDEGATE_ACEPT_SQLITE_REPLICAS_REASON, TIDEGATE_ACCEPT_SQLITE_REPLICAS_REASON",
    "TIDEGATE_ACEPT_SQLITE_REPLICAS, TIDEGATE_ACCEPT_SQLITE_REPLICAS_REASON",
    "TIDEGATE_ACCEPT_SQLITE_REPLICAS, TIDEGATE_ACCEPT_SQLITE_REPLICAS_REASON",
    "TIDEGATE_ACCPET_SQLITE_REPLICAS_UNTIL, TIDEGATE_ACCEPT_SQLITE_REPLICAS_UNTIL",
    "TIDEGATE_ACCEPTS_REDIS_FSYNC_REASN, TIDEGATE_ACCEPT_REDIS_FSYNC_REASON",
    "TIDEGATE_TARGET_MY_DB_PASSWORD, TIDEGATE_TARGETS_MY_DB_PASSWORD",
    "TIDEGATE_TRAGETS_DB_TLS_MODE, TIDEGATE_TARGETS_DB_TLS_MODE",
  })
  void unknownVariable_isReportedWithTheLikelySpelling(String variable, String likely) {
    assertThat(db().env(variable, "1").problem())
        .contains(variable, "unknown variable", "Perhaps you meant " + likely + ".");
  }

  @Test
  void unknownVariable_thatIsLikeNone() {
    assertThat(db().env("TIDEGATE_SOMETHING_ELSE_ALTOGETHER", "1").problem())
        .contains("docs/configuration.md");
  }

  @Test
  void unknownKeyInYaml_isReportedWithLineAndLikelySpelling() {
    assertThat(
            new Reading()
                .yaml(folder, "tidegate:\n  targets:\n    db:\n      url: a\n      pasword: b\n")
                .text())
        .contains("tidegate.yaml line 5", "tidegate.targets.db.pasword")
        .contains("Perhaps you meant targets.db.password");
  }

  @Test
  void unknownFlag_isAMistakeOfTheCommandLine() {
    var refusal = db().env("TIDEGATE_DEADLINE", "-5s").flag("replcas", "3").refusal();
    assertThat(refusal.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(refusal.problems()).hasSize(2);
    assertThat(refusal.getMessage()).contains("Perhaps you meant replicas");
  }

  @Test
  void badValueInFlag_isAMistakeInTheConfiguration() {
    assertThat(db().flag("replicas", "none").refusal().exit()).isEqualTo(ExitCode.REFUSED);
  }

  /** It was reported after the deadline only, as a server that is away. */
  @ParameterizedTest
  @CsvSource({
    "postgresql://db/app?sslmode=verify-full&sslrootcert=",
    "postgresql://db/app?sslmode=require&sslrootcert=",
    "postgresql://db/app?sslaccept=strict&sslcert=",
    "mysql://db/app?ssl_ca=",
    "mongodb://db/app?tlsCAFile=",
    "mysql://db/app?ssl_cert=",
    "rediss://db?ssl_ca_certs=",
  })
  void tlsFileOfTheUrl_thatIsNotThere_isNamed(String url) {
    Path absent = folder.resolve("absent.pem");
    String keys = url.contains("ssl_cert") ? "&ssl_key=" + absent : "";
    assertThat(Reading.of("DATABASE_URL", url + absent + keys).text())
        .contains("DATABASE_URL", absent + ", which does not exist");
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql://db/app?sslmode=disable&sslrootcert=/absent.pem",
    "postgresql://db/app?sslmode=prefer&sslrootcert=/absent.pem",
    "postgresql://db/app?sslmode=verify-full&sslrootcert=system",
    "mysql://db/app?useSSL=false&ssl_ca=/absent.pem",
    "mysql://db/app?sslMode=verify-ca&serverSslCert=classpath:ca.pem",
  })
  void tlsFileOfTheUrl_thatIsNotUsed_isNotMissed(String url) {
    assertThat(Reading.of("DATABASE_URL", url).target().url().scheme()).isNotEmpty();
  }

  @Test
  void malformedUrl() {
    assertThat(Reading.of("DATABASE_URL", "postgresql://app:canary@db:port/app").problem())
        .isEqualTo(
            "DATABASE_URL: the URL is malformed: a host or port is not valid. Write host:port,"
                + " with a port from 1 to 65535, and percent-encode special characters of a"
                + " password.");
  }

  /** What a URL says of TLS is obeyed, or refused before anything is connected to. */
  @ParameterizedTest
  @CsvSource({
    "postgresql://app@db/app?sslmode=required-ish, parameter sslmode has a value that is not known",
    "postgresql://app@db/app?sslmod=require, looks like sslmode",
    "mysql://app@db/app?useSSL=perhaps, parameter usessl has a value that is not known",
    "mongodb://db/app?tls=prefer, leaves it to the server",
    "rediss://cache?ssl=false, both asks for TLS and asks for none",
  })
  void wordForTls_thatIsNotUnderstood(String url, String why) {
    var refusal = Reading.of("DATABASE_URL", url).refusal();
    assertThat(refusal.exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(refusal.getMessage()).contains("DATABASE_URL: ", why);
    Reading declared = Reading.of("TIDEGATE_TARGETS_DB_URL", url);
    assertThat(declared.env("TIDEGATE_TARGETS_DB_TLS_MODE", "verify-full").target().tlsPolicy())
        .extracting(policy -> policy.level().verifies())
        .isEqualTo(true);
  }

  @Test
  void urlWithoutScheme() {
    assertThat(Reading.of("DATABASE_URL", "localhost:5432/app").problem())
        .contains("it has no scheme. Write it as in postgresql://");
  }

  @Test
  void unknownScheme_listsTheKnownOnes() {
    assertThat(Reading.of("DATABASE_URL", "oracle://db/app").problem())
        .contains("scheme oracle is not known", "file, mariadb, mongodb, mongodb+srv, mysql");
  }

  @Test
  void targetWithoutUrl_namesTheVariable() {
    assertThat(Reading.of("TIDEGATE_TARGETS_MY_DB_ROLE", "any").problem())
        .contains("target my-db: it has no URL. Set TIDEGATE_TARGETS_MY_DB_URL");
  }

  @Test
  void emptyUrl() {
    assertThat(Reading.of("TIDEGATE_TARGETS_DB_URL", "").problem())
        .contains("TIDEGATE_TARGETS_DB_URL: the URL is empty");
  }

  @Test
  void passwordInlineAndInFile() {
    String file = Reading.file(folder, "pw", "pw").toString();
    assertThat(
            db().env("TIDEGATE_TARGETS_DB_PASSWORD", "pw")
                .env("TIDEGATE_TARGETS_DB_PASSWORD_FILE", file)
                .problem())
        .contains("both inline and in a file, by TIDEGATE_TARGETS_DB_PASSWORD_FILE");
    assertThat(
            Reading.of("TIDEGATE_TARGETS_DB_URL", "postgresql://u:pw@db/app")
                .env("TIDEGATE_TARGETS_DB_PASSWORD_FILE", file)
                .problem())
        .contains("both inline, in the URL, and in a file. Take it out of the URL");
  }

  @Test
  void urlInlineAndInFile() {
    String file = Reading.file(folder, "url", DB).toString();
    assertThat(Reading.of("DATABASE_URL", DB).env("DATABASE_URL_FILE", file).problem())
        .contains("both inline and in a file, by DATABASE_URL_FILE");
  }

  @Test
  void secretFile_thatCannotBeUsed() {
    Path empty = Reading.file(folder, "empty", "\n");
    Path binary = Reading.file(folder, "binary", new byte[] {(byte) 0xff, (byte) 0xfe});
    Path large = Reading.file(folder, "large", new byte[1_048_576]);
    assertThat(passwordFile(empty)).contains(empty.toString(), "is empty");
    assertThat(passwordFile(binary)).contains(binary.toString(), "is not UTF-8");
    assertThat(passwordFile(large)).contains(large.toString(), "larger than 65536 bytes");
    assertThat(passwordFile(folder)).contains(folder.toString(), "a directory");
    assertThat(passwordFile(folder.resolve("none"))).contains("/none, which does not exist");
  }

  @Test
  void secretFile_thatMayNotBeRead() throws Exception {
    Path file = Reading.file(folder, "locked", "pw");
    Files.setPosixFilePermissions(file, Set.of());
    assumeFalse(Files.isReadable(file), "root reads everything");

    assertThat(passwordFile(file)).contains(file.toString(), "cannot be read");
  }

  @Test
  void secretInThePlaceOfItsFile_isNotShown() {
    for (String secret : new String[] {"hunter2canary", "/hunter2canary", "a/hunter2canary/b"}) {
      assertThat(passwordFile(Path.of(secret)))
          .contains("names a file, which does not exist")
          .doesNotContain("canary");
    }
  }

  private static String passwordFile(Path file) {
    return db().env("TIDEGATE_TARGETS_DB_PASSWORD_FILE", file.toString()).problem();
  }

  @Test
  void changelog_thatDoesNotExist() {
    assertThat(db().env("TIDEGATE_TARGETS_DB_CHANGELOG", "/none/such.sql").problem())
        .contains("TIDEGATE_TARGETS_DB_CHANGELOG: names /none/such.sql, which does not exist");
    assertThat(db().env("TIDEGATE_CHANGELOG", "/none/such.sql").problem())
        .contains("TIDEGATE_CHANGELOG: names /none/such.sql, which does not exist");
  }

  @Test
  void changelog_onRedis() {
    Reading redis = Reading.of("REDIS_URL", "redis://cache");
    assertThat(redis.env("TIDEGATE_TARGETS_REDIS_CHANGELOG", folder.toString()).problem())
        .contains("redis is Redis, which takes no changelog");
    assertThat(
            Reading.of("REDIS_URL", "redis://cache")
                .env("TIDEGATE_CHANGELOG", folder.toString())
                .problem())
        .contains("no target can be migrated");
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql://db/app, HISTORY_TABLE, ops.changes, is no name that can be taken",
    "postgresql://db/app, HISTORY_TABLE, tidegate_intent, is no name that can be taken",
    "postgresql://db/app, HISTORY_TABLE, databasechangeloglock, have one name",
    "postgresql://db/app, SCHEMA, a-b, is no name that can be taken",
    "postgresql://db/app, SCHEMA, Ops, Liquibase does not find its own tables",
    "mysql://db/app, SCHEMA, ops, where the history is in the database of the URL",
    "mongodb://db/app, HISTORY_TABLE, changes, has none",
  })
  void tablesOfLiquibase_thatCannotBe(String url, String key, String value, String why) {
    assertThat(
            Reading.of("TIDEGATE_TARGETS_DB_URL", url)
                .env("TIDEGATE_TARGETS_DB_CHANGELOG", folder.toString())
                .env("TIDEGATE_TARGETS_DB_LIQUIBASE_" + key, value)
                .problem())
        .contains("TIDEGATE_TARGETS_DB_LIQUIBASE_", why);
  }

  @Test
  void tablesOfLiquibase_withoutAChangelogOfLiquibases() {
    assertThat(db().env("TIDEGATE_TARGETS_DB_LIQUIBASE_LOCK_TABLE", "locks").problem())
        .contains("TIDEGATE_TARGETS_DB_LIQUIBASE_LOCK_TABLE", "db has no changelog");
    assertThat(
            db().env("TIDEGATE_TARGETS_DB_CHANGELOG", folder.toString())
                .env("TIDEGATE_TARGETS_DB_FORMAT", "goose")
                .env("TIDEGATE_TARGETS_DB_LIQUIBASE_LOCK_TABLE", "locks")
                .problem())
        .contains("TIDEGATE_TARGETS_DB_LIQUIBASE_LOCK_TABLE", "db has none");
  }

  @Test
  void format_withoutItsFolder() {
    assertThat(db().env("TIDEGATE_TARGETS_DB_FORMAT", "goose").problem())
        .contains(
            "TIDEGATE_TARGETS_DB_FORMAT: names the format of a changelog, and db has none",
            "Set TIDEGATE_TARGETS_DB_CHANGELOG too");
    assertThat(
            Reading.of("MONGO_URL", "mongodb://db/app")
                .env("TIDEGATE_TARGETS_MONGO_CHANGELOG", folder.toString())
                .env("TIDEGATE_TARGETS_MONGO_FORMAT", "goose")
                .problem())
        .contains("mongo is MongoDB, which has no migrations in that format");
    assertThat(
            db().env("TIDEGATE_TARGETS_DB_CHANGELOG", folder.toString())
                .env("TIDEGATE_TARGETS_DB_FORMAT", "gose")
                .problem())
        .contains(
            "Write one of plain, sql, liquibase, auto, golang-migrate, dbmate, goose, sql-migrate,"
                + " flyway");
  }

  /** All of its migrations would run again. */
  @Test
  void historyOfGolangMigrate_underAnotherName() {
    String url = "postgresql://db/app?x-migrations-table=";
    assertThat(
            Reading.of("DATABASE_URL", url + "shop_migrations")
                .env("TIDEGATE_CHANGELOG", folder.toString())
                .env("TIDEGATE_TARGETS_DATABASE_FORMAT", "golang-migrate")
                .problem())
        .startsWith("DATABASE_URL: its x-migrations-table names another history")
        .contains("Rename that table to schema_migrations");
    assertThat(
            Reading.of("DATABASE_URL", "postgresql://db/app")
                .env("TIDEGATE_CHANGELOG", folder.toString())
                .env("TIDEGATE_TARGETS_DATABASE_FORMAT", "golang-migrate")
                .env("TIDEGATE_TARGETS_DATABASE_MIGRATION_URL", url + "shop_migrations")
                .problem())
        .startsWith("TIDEGATE_TARGETS_DATABASE_MIGRATION_URL: its x-migrations-table");
    assertThat(
            Reading.of("DATABASE_URL", url + "schema_migrations")
                .env("TIDEGATE_CHANGELOG", folder.toString())
                .env("TIDEGATE_TARGETS_DATABASE_FORMAT", "golang-migrate")
                .target()
                .name())
        .isEqualTo("database");
  }

  @Test
  void destructive_whereItCouldNotHold() {
    assertThat(db().env("TIDEGATE_TARGETS_DB_DESTRUCTIVE", "refuse").problem())
        .contains("TIDEGATE_TARGETS_DB_DESTRUCTIVE", "db has none");
    Reading changelog = db().env("TIDEGATE_TARGETS_DB_CHANGELOG", folder.toString());
    assertThat(changelog.env("TIDEGATE_TARGETS_DB_DESTRUCTIVE", "needs-backup").problem())
        .contains("asks for a backup", "TIDEGATE_TARGETS_DB_BACKUP_DIRECTORY");
    assertThat(changelog.env("TIDEGATE_TARGETS_DB_DESTRUCTIVE", "never").problem())
        .contains("Write one of allow, needs-backup, refuse");
    assertThat(
            db().env("TIDEGATE_TARGETS_DB_CHANGELOG", folder.toString())
                .env("TIDEGATE_TARGETS_DB_DESTRUCTIVE_ACCEPTED", "001.sql@12")
                .problem())
        .contains("TIDEGATE_TARGETS_DB_DESTRUCTIVE_ACCEPTED", "no changeset with its digest");
    assertThat(
            Reading.of("MONGO_URL", "mongodb://db/app")
                .env("TIDEGATE_TARGETS_MONGO_CHANGELOG", folder.toString())
                .env("TIDEGATE_TARGETS_MONGO_DESTRUCTIVE", "refuse")
                .problem())
        .contains("mongo is MongoDB, and only statements of SQL are looked at");
  }

  @Test
  void galeraNode_whereThereIsNoneToMigrate() {
    String node = "TIDEGATE_TARGETS_DB_GALERA_NODE";
    assertThat(
            db().env("TIDEGATE_TARGETS_DB_CHANGELOG", folder.toString()).env(node, "one").problem())
        .contains(node, "the node of MariaDB or MySQL");
    assertThat(Reading.of("TIDEGATE_TARGETS_DB_URL", "mariadb://db/app").env(node, "one").problem())
        .contains(node, "the node of MariaDB or MySQL");
  }

  @Test
  void changelogWithoutTarget_whereSeveralCanBeMigrated() {
    assertThat(
            Reading.of("DATABASE_URL", DB)
                .env("MYSQL_URL", "mysql://db/app")
                .env("TIDEGATE_CHANGELOG", folder.toString())
                .problem())
        .contains("several targets can be migrated: database, mysql")
        .contains("Set TIDEGATE_TARGETS_DATABASE_CHANGELOG instead");
  }

  @Test
  void twoTargets_withOneName() {
    assertThat(
            new Reading()
                .yaml(folder, "targets:\n  db: {url: 'file:a'}\n  db: {url: 'file:b'}\n")
                .problem())
        .contains("line 3", "two targets have one name, db, also at line 2");
    assertThat(
            new Reading()
                .yaml(folder, "targets:\n  my-db: {url: 'file:a'}\n  my_db: {role: any}\n")
                .problem())
        .contains("two targets have one name: my-db and my_db both mean my-db");
  }

  @Test
  void keyDeclaredTwice() {
    assertThat(
            new Reading()
                .yaml(folder, "replicas: 1\ntidegate:\n  replicas: 2\n  targets.db.url: file:a\n")
                .problem())
        .contains("line 3", "replicas is declared twice", "line 1");
  }

  @ParameterizedTest
  @CsvSource({
    "-5s, is negative",
    "PT-5S, is negative",
    "5, without a unit",
    "1.5, without a unit",
    "25h, longer than 24 hours",
    "P2D, longer than 24 hours",
    "2d, longer than 24 hours",
    "999999999h, longer than 24 hours",
    "0s, shorter than 1ms",
    "soon, is not a duration",
    "5 minutes, is not a duration",
    "PTx, is not a duration",
  })
  void duration_thatCannotBeMeant(String value, String why) {
    assertThat(db().env("TIDEGATE_DEADLINE", value).problem())
        .contains("TIDEGATE_DEADLINE: ", why)
        .doesNotContain(value + ".");
  }

  @ParameterizedTest
  @CsvSource({
    "REPLICAS, 0, from 1 to 100000",
    "REPLICAS, three, from 1 to 100000",
    "HTTP_PORT, 65536, from 0 to 65535",
    "LOG_LEVEL, loud, 'Write one of error, warn, info, debug'",
    "TARGETS_DB_PURPOSE, fun, 'Write one of cache, session, queue, rate-limit, store'",
    "TARGETS_DB_ROLE, replica, 'Write one of primary, any'",
    "TARGETS_DB_REQUIRED, maybe, neither true nor false",
    "TARGETS_DB_TLS_MODE, on, 'Write one of url, disable, require, verify-ca, verify-full'",
    "TARGETS_DB_BACKUP_ARCHIVER, maybe, neither true nor false",
    "TARGETS_DB_BACKUP_MAX_AGE, 7d, 'age of a backup that is not declared'",
    "TARGETS_DB_BACKUP_MAX_AGE, 367d, longer than 366 days",
    "TARGETS_DB_BACKUP_MAX_AGE, 1s, shorter than 1m",
    "TARGETS_DB_TLS_CA_FILE, /none, which does not exist",
    "TARGETS_DB_TLS_KEY_FILE, /, names /",
    "ACCEPT_SQLITE_REPLICAS_UNTIL, tomorrow, is not a date",
  })
  void value_thatCannotBeUsed(String variable, String value, String why) {
    assertThat(db().env("TIDEGATE_" + variable, value).text())
        .contains("TIDEGATE_" + variable + ": ", why);
  }

  @Test
  void acceptance_withoutReason() {
    assertThat(db().env("TIDEGATE_ACCEPT_SQLITE_REPLICAS_UNTIL", "2027-01-01").problem())
        .contains("without a reason. Set TIDEGATE_ACCEPT_SQLITE_REPLICAS_REASON");
  }

  @Test
  void valueOfOneMebibyte_isRefusedAndNotPrinted() {
    String huge = "x".repeat(1_048_576);
    for (String variable :
        new String[] {"TIDEGATE_TARGETS_DB_PASSWORD", "TIDEGATE_DEADLINE", "TIDEGATE_CHANGELOG"}) {
      assertThat(db().env(variable, huge).problem())
          .contains(variable, "1048576 characters")
          .hasSizeLessThan(300);
    }
    assertThat(Reading.of("DATABASE_URL", huge).problem())
        .contains("DATABASE_URL", "1048576 characters")
        .hasSizeLessThan(300);
    assertThat(db().env("TIDEGATE_" + huge, "1").problem()).hasSizeLessThan(300);
  }

  @Test
  void valueThatIsNotUtf8() {
    // What the JVM makes of bytes that it cannot decode.
    assertThat(db().env("TIDEGATE_TARGETS_DB_PASSWORD", "p\uFFFDw").problem())
        .contains("not valid UTF-8", "LANG=C.UTF-8");
  }

  @Test
  void severalProblems_areAllReportedAtOnce() {
    var refusal =
        Reading.of("TIDEGATE_TARGETS_A_URL", "oracle://h")
            .env("TIDEGATE_TARGETS_B_URL", "postgresql://h:x")
            .env("TIDEGATE_TARGETS_B_PASSWORD_FILE", "/none/such")
            .env("TIDEGATE_TARGETS_C_ROLE", "king")
            .env("TIDEGATE_TARGETS_C_URL", DB)
            .env("TIDEGATE_DEADLINE", "-1s")
            .env("TIDEGATE_TYPO", "1")
            .refusal();
    assertThat(refusal.exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(refusal.problems())
        .extracting(Problem::where)
        .contains(
            "TIDEGATE_TYPO",
            "TIDEGATE_TARGETS_A_URL",
            "TIDEGATE_TARGETS_B_URL",
            "TIDEGATE_TARGETS_C_ROLE",
            "TIDEGATE_DEADLINE")
        .doesNotHaveDuplicates();
  }
}
