package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target.Backup;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A backup that is declared and cannot be seen, or not of late. */
final class BackupEvidence implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "backup-evidence",
          Severity.WARNING,
          "A target declares a backup, and there is no sign of a recent one",
          "When rows are lost or deleted by mistake there is nothing to restore them from, and that"
              + " is noticed on that day only",
          "See why the backup does not run, and restore the next one for trial; if it runs less"
              + " often, set TIDEGATE_TARGETS_<NAME>_BACKUP_MAX_AGE to its interval and some more",
          URI.create("https://www.postgresql.org/docs/current/continuous-archiving.html"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return LiveTarget.of(evidence, target -> target.backup() != null)
        .flatMap(BackupEvidence::findings)
        .toList();
  }

  private static Stream<Finding> findings(LiveTarget live) {
    List<Finding> findings = new ArrayList<>();
    Backup backup = live.target().backup();
    if (backup != null && backup.directory() != null) {
      files(live, backup.directory(), backup.maxAge()).ifPresent(findings::add);
    }
    if (backup != null && backup.archiver()) {
      archive(live, backup.maxAge()).ifPresent(findings::add);
    }
    return findings.stream();
  }

  private static Optional<Finding> files(LiveTarget live, Path directory, Duration maxAge) {
    if (live.reports("backup_directory", "missing")) {
      return missed(live, "there is no directory " + directory);
    }
    return switch (live.fact("backup_directory")) {
      case Fact.Unknown(String reason) ->
          Optional.of(live.unknown(CARD, "whether there is a backup", reason));
      case Fact.Known present -> newest(live, directory, maxAge);
    };
  }

  private static Optional<Finding> newest(LiveTarget live, Path directory, Duration maxAge) {
    Optional<Duration> age = age(live.fact("backup_file_seconds_ago"));
    if (age.isPresent() && age.get().compareTo(maxAge) <= 0) {
      return Optional.empty();
    }
    if (live.fact("backup_unread") instanceof Fact.Known(String unread) && !unread.isEmpty()) {
      return Optional.of(live.unknown(CARD, "whether there is a newer backup", unread));
    }
    return missed(
        live,
        age.map(old ->
                "the newest file in %s is %s old, more than %s"
                    .formatted(directory, describe(old), describe(maxAge)))
            .orElse("%s holds no file with anything in it".formatted(directory)));
  }

  /** On a standby the archiver rests, unless it is always on. */
  private static Optional<Finding> archive(LiveTarget live, Duration maxAge) {
    if (!TargetKind.isPostgres(live.target())) {
      return missed(live, "backup.archiver is declared, and only PostgreSQL has an archiver");
    }
    if (live.reports("in_recovery", "on") && !live.reports("archive_mode", "always")) {
      return unknownArchive(live, "it is a standby, and its primary archives");
    }
    if (live.managed().isPresent()) {
      return unknownArchive(
          live, "it is %s, which has backups of its own".formatted(live.managed().get().name()));
    }
    if (live.reports("archive_mode", "off")) {
      return missed(live, "archive_mode is off");
    }
    if (live.reports("archive_failing", "on")) {
      return missed(live, "pg_stat_archiver tells that the last attempt to archive failed");
    }
    return switch (live.fact("archived_seconds_ago")) {
      case Fact.Unknown(String reason) -> unknownArchive(live, reason);
      case Fact.Known(String never) when never.isEmpty() ->
          missed(live, "pg_stat_archiver tells of no archived segment");
      case Fact.Known seconds ->
          age(seconds)
              .filter(old -> old.compareTo(maxAge) > 0)
              .flatMap(old ->
                  missed(
                      live,
                      "the last segment was archived %s ago, more than %s"
                          .formatted(describe(old), describe(maxAge))));
    };
  }

  private static Optional<Finding> missed(LiveTarget live, String evidence) {
    return Optional.of(live.finding(CARD, Severity.WARNING, evidence));
  }

  private static Optional<Finding> unknownArchive(LiveTarget live, String reason) {
    return Optional.of(live.unknown(CARD, "whether it archives", reason));
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
