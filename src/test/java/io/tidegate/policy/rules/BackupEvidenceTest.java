package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backup.BackupFiles;
import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Facts;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Backup;
import io.tidegate.target.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real directory, and on real archivers of PostgreSQL. */
class BackupEvidenceTest extends RuleContract {
  private static final Duration DAY = Duration.ofHours(26);
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  @TempDir private Path folder;

  private final FactRule rule = BackupEvidence.RULE;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return seen("172800");
  }

  @Override
  Situation safe() {
    return seen("3600");
  }

  @Test
  void a_directory_is_checked_by_its_newest_file() throws IOException {
    assertOne(Severity.WARNING, "holds no file with anything in it");

    Path dump = Files.writeString(folder.resolve("monday.dump"), "rows");
    assertThat(inFolder(folder)).isEmpty();

    Files.setLastModifiedTime(dump, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
    assertOne(Severity.WARNING, "3 days old, more than 26 hours");
  }

  @Test
  void a_directory_that_is_missing_is_a_warning() {
    Evaluated.assertOne(
        inFolder(folder.resolve("not-there")), Severity.WARNING, "there is no directory");
  }

  @Test
  void what_could_not_be_looked_at_makes_it_unknown() {
    Facts facts =
        new Facts(
            Map.of(
                "backup_directory", known("present"),
                "backup_file", known("old.dump"),
                "backup_file_seconds_ago", known("999999"),
                "backup_unread", known("/backups/root may not be read")));
    Target target = with(Evaluated.at("postgresql", "db"), new Backup(folder, false, DAY));
    Evaluated.assertOne(Evaluated.told(rule, target, facts), Severity.NOTICE, "may not be read");
  }

  @Test
  void an_archiver_is_checked_by_what_it_did() {
    try (PostgresServer server =
        new PostgresServer().with("archive_mode=on").with("archive_command=true")) {
      server.start();
      Evaluated.assertOne(archiver(server, DAY), Severity.WARNING, "no archived segment");

      server.execute("postgres", "CREATE TABLE orders (id int)");
      server.execute("postgres", "SELECT pg_switch_wal()");
      Awaitility.await().atMost(TIMEOUT).until(() -> archiver(server, DAY).isEmpty());
      Awaitility.await()
          .atMost(TIMEOUT)
          .untilAsserted(() ->
              Evaluated.assertOne(
                  archiver(server, Duration.ZERO), Severity.WARNING, "was archived 0 minutes ago"));

      server.stop();
      server.with("archive_command=false").start();
      server.execute("postgres", "CREATE TABLE carts (id int)");
      server.execute("postgres", "SELECT pg_switch_wal()");
      Awaitility.await()
          .atMost(TIMEOUT)
          .untilAsserted(() ->
              Evaluated.assertOne(
                  archiver(server, DAY), Severity.WARNING, "last attempt to archive failed"));
    }
  }

  @Test
  void an_archiver_that_is_off_is_a_warning() {
    try (PostgresServer server = PostgresServer.started()) {
      Evaluated.assertOne(archiver(server, DAY), Severity.WARNING, "archive_mode is off");
    }
  }

  @Test
  void a_standby_and_a_managed_service_are_unknown() {
    Backup archiver = new Backup(null, true, DAY);
    Target plain = with(Evaluated.at("postgresql", "db"), archiver);
    Facts standby = new Facts(Map.of("in_recovery", known("on"), "archive_mode", known("on")));
    Evaluated.assertOne(Evaluated.told(rule, plain, standby), Severity.NOTICE, "standby");

    Target managed = with(Evaluated.at("postgresql", "db.abc.supabase.co"), archiver);
    Evaluated.assertOne(
        Evaluated.told(rule, managed, Evaluated.facts("archive_mode", "off")),
        Severity.NOTICE,
        "Supabase");
  }

  @Test
  void an_archiver_of_another_server_is_a_mistake() {
    Target target = with(Evaluated.at("mysql", "db"), new Backup(null, true, DAY));
    Evaluated.assertOne(
        Evaluated.told(rule, target, Facts.NONE),
        Severity.WARNING,
        "only PostgreSQL has an archiver");
  }

  private void assertOne(Severity severity, String evidence) {
    Evaluated.assertOne(inFolder(folder), severity, evidence);
  }

  private List<Finding> inFolder(Path directory) {
    Target target = with(Evaluated.at("mysql", "db"), new Backup(directory, false, DAY));
    return Evaluated.told(rule, target, BackupFiles.in(directory, Instant.now(), TIMEOUT));
  }

  private List<Finding> archiver(PostgresServer server, Duration maxAge) {
    Targets targets =
        Targets.at("postgresql", server.port(), "postgres")
            .as(PostgresServer.USER, PostgresServer.PASSWORD);
    Facts facts = Evaluated.facts(targets);
    return Evaluated.told(rule, with(targets.target(), new Backup(null, true, maxAge)), facts);
  }

  private static Situation seen(String secondsAgo) {
    return Situation.scaled()
        .with(with(Evaluated.at("mongodb", "db"), new Backup(Path.of("/backups"), false, DAY)))
        .facts(
            Map.of(
                "backup_directory", known("present"),
                "backup_file_seconds_ago", known(secondsAgo)));
  }

  private static Target with(Target target, @Nullable Backup backup) {
    return new Target(
        target.name(),
        target.origin(),
        target.url(),
        target.credentials(),
        target.inlinePassword(),
        target.purpose(),
        target.role(),
        target.required(),
        target.readinessQuery(),
        target.tls(),
        target.changelog(),
        target.retryPolicy(),
        backup);
  }
}
