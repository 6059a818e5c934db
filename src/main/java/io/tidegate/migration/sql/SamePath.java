package io.tidegate.migration.sql;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import liquibase.change.Change;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.RanChangeSet;

/**
 * Finds changesets again that were recorded under another path: a path is part of a changeset's
 * identity, and plain Liquibase spells it from wherever it was started; or the file was renamed.
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
            .or(() -> unknown.stream().filter(ran -> renamed(changeSet, ran)).findFirst())
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

  /**
   * Whether it has what ran under another name of its file, and that file is gone. In a folder of
   * plain files the id is such a name too. A changeset with nothing in it is as good as any other.
   */
  private static boolean renamed(ChangeSet changeSet, RanChangeSet ran) {
    return changeSet.getChanges().stream().anyMatch(SamePath::hasContent)
        && changeSet.getAuthor().equalsIgnoreCase(ran.getAuthor())
        && (changeSet.getId().equalsIgnoreCase(ran.getId()) || (isPlain(changeSet) && isPlain(ran)))
        && changeSet.isCheckSumValid(ran.getLastCheckSum());
  }

  private static boolean isPlain(ChangeSet changeSet) {
    return changeSet.getAuthor().equals(SqlFolder.AUTHOR)
        && changeSet.getId().equals(changeSet.getFilePath());
  }

  private static boolean isPlain(RanChangeSet ran) {
    return ran.getAuthor().equals(SqlFolder.AUTHOR) && ran.getId().equals(ran.getChangeLog());
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
    if (isPlain(changeSet) && isPlain(ran)) {
      return renamedFile(changeSet.getId(), ran.getId());
    }
    return new Problem(
        ExitCode.CHANGELOG,
        "changeset %s may have run already: the history has %s::%s::%s, %s"
            .formatted(
                Failures.id(changeSet),
                ran.getChangeLog(),
                ran.getId(),
                ran.getAuthor(),
                changeSet.isCheckSumValid(ran.getLastCheckSum())
                    ? "with the same content, in another folder or under another name"
                    : "with another checksum"),
        changeSet.getFilePath(),
        "If it is the same, give its changelog logicalFilePath=\"%s\"; if it is another, give it another id"
            .formatted(ran.getChangeLog()));
  }

  private static Problem renamedFile(String now, String before) {
    return new Problem(
        ExitCode.CHANGELOG,
        "the file %s has the same content as %s, which was applied and is gone: renamed, it would run"
                .formatted(now, before)
            + " again",
        now,
        ("Give it its old name back; if it is to run again, write a comment into a statement; if it is to keep the"
                + " new name, run: UPDATE DATABASECHANGELOG SET ID = '%1$s', FILENAME = '%1$s' WHERE ID"
                + " = '%2$s' AND AUTHOR = '%3$s'")
            .formatted(quoted(now), quoted(before), SqlFolder.AUTHOR));
  }

  private static String quoted(String name) {
    return name.replace("'", "''");
  }

  private static boolean hasContent(Change change) {
    return !(change instanceof SqlFileChange file) || !file.isBlank();
  }
}
