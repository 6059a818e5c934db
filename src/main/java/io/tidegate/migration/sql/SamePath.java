package io.tidegate.migration.sql;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.RanChangeSet;

/**
 * Finds changesets again that were recorded under another spelling of their file's path: a path is
 * part of a changeset's identity, and plain Liquibase spells it from wherever it was started.
 */
final class SamePath {
  private final Map<ChangeSet, RanChangeSet> same = new HashMap<>();
  private final List<Problem> doubtful = new ArrayList<>();

  /** Compares what seems pending with what ran and seems unknown. */
  SamePath(List<ChangeSet> pending, List<RanChangeSet> unknown) {
    for (ChangeSet changeSet : pending) {
      List<RanChangeSet> alike = unknown.stream().filter(ran -> alike(changeSet, ran)).toList();
      List<RanChangeSet> sure =
          alike.stream()
              .filter(
                  ran -> agree(changeSet, ran) && changeSet.isCheckSumValid(ran.getLastCheckSum()))
              .toList();
      if (sure.size() == 1 && alike.size() == 1) {
        same.put(changeSet, sure.getFirst());
      } else {
        alike.stream()
            .filter(
                ran -> agree(changeSet, ran) || changeSet.isCheckSumValid(ran.getLastCheckSum()))
            .findFirst()
            .ifPresent(ran -> doubtful.add(problem(changeSet, ran)));
      }
    }
  }

  /** The history rows of changesets that seemed pending. */
  Map<ChangeSet, RanChangeSet> same() {
    return same;
  }

  /** Those of which a person has to say whether they ran. */
  List<Problem> doubtful() {
    return doubtful;
  }

  /** Same id, same author, same name of the file. */
  private static boolean alike(ChangeSet changeSet, RanChangeSet ran) {
    return changeSet.getId().equalsIgnoreCase(ran.getId())
        && changeSet.getAuthor().equalsIgnoreCase(ran.getAuthor())
        && last(path(changeSet.getFilePath())).equals(last(path(ran.getChangeLog())));
  }

  /** Whether one path is the end of the other. */
  private static boolean agree(ChangeSet changeSet, RanChangeSet ran) {
    String ours = "/" + path(changeSet.getFilePath());
    String theirs = "/" + path(ran.getChangeLog());
    return ours.endsWith(theirs) || theirs.endsWith(ours);
  }

  private static String path(String path) {
    String normal = DatabaseChangeLog.normalizePath(path).toLowerCase(Locale.ROOT);
    return normal.startsWith("/") ? normal.substring(1) : normal;
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static Problem problem(ChangeSet changeSet, RanChangeSet ran) {
    return new Problem(
        ExitCode.CHANGELOG,
        "changeset %s may have run already: the history has %s::%s::%s, %s"
            .formatted(
                Failures.id(changeSet),
                ran.getChangeLog(),
                ran.getId(),
                ran.getAuthor(),
                changeSet.isCheckSumValid(ran.getLastCheckSum())
                    ? "with the same content, in another folder"
                    : "with another checksum"),
        changeSet.getFilePath(),
        "If it is the same, give its changelog logicalFilePath=\"%s\"; if it is another, give it another id"
            .formatted(ran.getChangeLog()));
  }
}
