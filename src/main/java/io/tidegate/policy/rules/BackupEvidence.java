package io.tidegate.policy.rules;

import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.policy.rules.FactRule.LiveServer;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target.Backup;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A backup that is declared and cannot be seen, or not of late. */
final class BackupEvidence {
  static final FactRule RULE =
      FactRule.onAll(
          new RuleCard(
              "backup-evidence",
              Severity.WARNING,
              "A target declares a backup, and there is no sign of a recent one",
              "When rows are lost or deleted by mistake there is nothing to restore them from, and that"
                  + " is noticed on that day only",
              "See why the backup does not run, and restore the next one for trial; if it runs less"
                  + " often, set TIDEGATE_TARGETS_<NAME>_BACKUP_MAX_AGE to its interval and some more",
              URI.create("https://www.postgresql.org/docs/current/continuous-archiving.html")),
          server -> findings(server.whole()));

  private BackupEvidence() {}

  private static List<Finding> findings(LiveServer server) {
    Backup backup = server.target().backup();
    List<Finding> findings = new ArrayList<>();
    if (backup != null && backup.directory() != null) {
      findings.addAll(files(server, backup.directory(), backup.maxAge()));
    }
    if (backup != null && backup.archiver()) {
      findings.addAll(archive(server, backup.maxAge()));
    }
    return findings;
  }

  private static List<Finding> files(LiveServer server, Path directory, Duration maxAge) {
    if (server.has("backup_directory", "missing")) {
      return server.warning("there is no directory " + directory);
    }
    return switch (server.fact("backup_directory")) {
      case Fact.Unknown(String reason) -> server.unknown("whether there is a backup", reason);
      case Fact.Known present -> newest(server, directory, maxAge);
    };
  }

  private static List<Finding> newest(LiveServer server, Path directory, Duration maxAge) {
    Optional<Duration> age = age(server.fact("backup_file_seconds_ago"));
    if (age.isPresent() && age.get().compareTo(maxAge) <= 0) {
      return List.of();
    }
    if (server.fact("backup_unread") instanceof Fact.Known(String unread) && !unread.isEmpty()) {
      return server.unknown("whether there is a newer backup", unread);
    }
    return server.warning(
        age.map(old ->
                "the newest file in %s is %s old, more than %s"
                    .formatted(directory, describe(old), describe(maxAge)))
            .orElse("%s holds no file with anything in it".formatted(directory)));
  }

  /** On a standby the archiver rests, unless it is always on. */
  private static List<Finding> archive(LiveServer server, Duration maxAge) {
    if (server.kind() != TargetKind.POSTGRES) {
      return server.warning("backup.archiver is declared, and only PostgreSQL has an archiver");
    }
    if (server.has("in_recovery", "on") && !server.has("archive_mode", "always")) {
      return unknownArchive(server, "it is a standby, and its primary archives");
    }
    Optional<ManagedService> managed = server.managed();
    if (managed.isPresent()) {
      return unknownArchive(
          server, "it is %s, which has backups of its own".formatted(managed.get().name()));
    }
    if (server.has("archive_mode", "off")) {
      return server.warning("archive_mode is off");
    }
    if (server.has("archive_failing", "on")) {
      return server.warning("pg_stat_archiver reports that the last attempt to archive failed");
    }
    return switch (server.fact("archived_seconds_ago")) {
      case Fact.Unknown(String reason) -> unknownArchive(server, reason);
      case Fact.Known(String never) when never.isEmpty() ->
          server.warning("pg_stat_archiver reports no archived segment");
      case Fact.Known seconds ->
          age(seconds)
              .filter(old -> old.compareTo(maxAge) > 0)
              .map(old ->
                  server.warning(
                      "the last segment was archived %s ago, more than %s"
                          .formatted(describe(old), describe(maxAge))))
              .orElse(List.of());
    };
  }

  private static List<Finding> unknownArchive(LiveServer server, String reason) {
    return server.unknown("whether it archives", reason);
  }

  private static Optional<Duration> age(Fact seconds) {
    return seconds instanceof Fact.Known(String count) && count.matches("[0-9]{1,12}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(count)))
        : Optional.empty();
  }

  private static String describe(Duration age) {
    if (age.toHours() >= 48) {
      return "%d days".formatted(age.toDays());
    }
    return age.toMinutes() >= 120
        ? "%d hours".formatted(age.toHours())
        : "%d minutes".formatted(age.toMinutes());
  }
}
