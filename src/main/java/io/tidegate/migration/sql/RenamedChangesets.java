package io.tidegate.migration.sql;

import io.tidegate.migration.sql.SchemaComparison.Identity;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import liquibase.change.Change;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.RanChangeSet;

/**
 * Finds changesets that would run, and that the history may have under another name. A path is part of
 * a changeset's identity, and plain Liquibase spells it from wherever it was started; a file may have
 * been renamed; a plain file has another id and author in a folder than by itself, or once it got
 * those of Liquibase's format; and of two names that differ only in letter case the history could keep
 * one. See {@link Identity}.
 */
final class RenamedChangesets {
  private final String history;
  private final Map<ChangeSet, RanChangeSet> same = new HashMap<>();
  private final List<Problem> doubtful = new ArrayList<>();

  /**
   * Compares what seems pending with what ran.
   *
   * @param unknown what ran and seems unknown to the changelog
   * @param history the table of the history, as a statement names it
   */
  RenamedChangesets(
      List<ChangeSet> pending, List<RanChangeSet> ran, List<RanChangeSet> unknown, String history) {
    this.history = history;
    List<ChangeSet> distinct = distinct(pending, ran);
    List<Row> rows = unknown.stream().map(row -> new Row(row, Name.of(Identity.of(row)))).toList();
    for (ChangeSet changeSet : distinct) {
      Name now = Name.of(Identity.of(changeSet));
      List<Pair> pairs = rows.stream().map(row -> new Pair(changeSet, now, row)).toList();
      List<Pair> alike = pairs.stream().filter(Pair::isAlike).toList();
      if (alike.size() == 1 && alike.getFirst().isSame()) {
        same.put(changeSet, alike.getFirst().row().ran());
      } else {
        doubt(pairs, alike).ifPresent(pair -> doubtful.add(problem(pair)));
      }
    }
  }

  /** Those that differ in more than letter case from what ran and from each other. */
  private List<ChangeSet> distinct(List<ChangeSet> pending, List<RanChangeSet> ran) {
    List<ChangeSet> distinct = new ArrayList<>();
    Map<Identity, Identity> recorded = new HashMap<>();
    Set<Identity> exact = new HashSet<>();
    for (RanChangeSet each : ran) {
      Identity identity = Identity.of(each);
      exact.add(identity);
      recorded.put(identity.folded(), identity);
    }
    Map<Identity, Identity> seen = new HashMap<>();
    for (ChangeSet changeSet : pending) {
      Identity now = Identity.of(changeSet);
      Identity before = recorded.get(now.folded());
      Identity other = seen.putIfAbsent(now.folded(), now);
      if (exact.contains(now)) {
        distinct.add(changeSet); // It has a row of its own, and is to run again.
      } else if (before != null) {
        doubtful.add(appliedInOtherCase(changeSet, before));
      } else if (other != null && !other.equals(now)) {
        doubtful.add(twice(changeSet, other));
      } else {
        distinct.add(changeSet);
      }
    }
    return distinct;
  }

  private static Optional<Pair> doubt(List<Pair> pairs, List<Pair> alike) {
    return Stream.of(
            alike.stream().filter(pair -> pair.pathsAgree() || pair.isSameContent()),
            pairs.stream().filter(Pair::isInOtherForm),
            pairs.stream().filter(Pair::isRenamed))
        .flatMap(each -> each)
        .findFirst();
  }

  /** An identity, and what is compared of it with each other one. */
  private record Name(Identity exact, Identity folded, String fileName, boolean plain) {
    static Name of(Identity exact) {
      Identity folded = exact.folded();
      return new Name(exact, folded, folded.fileName(), exact.isPlainFile());
    }
  }

  /** A row of the history that the changelog does not know. */
  private record Row(RanChangeSet ran, Name name) {}

  /** A changeset that seems pending, and what may have been it. */
  private record Pair(ChangeSet changeSet, Name now, Row row) {
    Name before() {
      return row.name();
    }

    /** Same id, same author, same name of the file, letter case aside. */
    boolean isAlike() {
      return sameIdAndAuthor() && sameFileName();
    }

    /** Surely the same: only its path was spelled from another folder. */
    boolean isSame() {
      Identity ours = now.exact();
      Identity theirs = before().exact();
      return ours.id().equals(theirs.id())
          && ours.author().equals(theirs.author())
          && isEndOfOther(ours.path(), theirs.path())
          && hasSameChecksum();
    }

    /** A plain file that was recorded in a folder, by itself or in Liquibase's format. */
    boolean isInOtherForm() {
      if (!(now.plain() || before().plain()) || !sameFileName()) {
        return false;
      }
      boolean agree = arePlain() ? pathsAgree() : samePath();
      return agree || isSameContent();
    }

    /**
     * Whether it has what ran under another name of its file, and that file is gone. The id and the
     * author of a plain file say nothing more than its name.
     */
    boolean isRenamed() {
      return (arePlain() || sameIdAndAuthor()) && isSameContent();
    }

    boolean arePlain() {
      return now.plain() && before().plain();
    }

    boolean pathsAgree() {
      return isEndOfOther(now.folded().path(), before().folded().path());
    }

    private boolean samePath() {
      return now.folded().path().equals(before().folded().path());
    }

    private boolean sameFileName() {
      return now.fileName().equals(before().fileName());
    }

    private boolean sameIdAndAuthor() {
      return now.folded().id().equals(before().folded().id())
          && now.folded().author().equals(before().folded().author());
    }

    /** A changeset with nothing in it is as good as any other. */
    boolean isSameContent() {
      return hasSameChecksum()
          && changeSet.getChanges().stream().anyMatch(RenamedChangesets::hasContent);
    }

    boolean hasSameChecksum() {
      return changeSet.isCheckSumValid(row.ran().getLastCheckSum());
    }

    private static boolean isEndOfOther(String one, String other) {
      return one.equals(other) || one.endsWith("/" + other) || other.endsWith("/" + one);
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

  private static Problem appliedInOtherCase(ChangeSet changeSet, Identity before) {
    return new Problem(
        ExitCode.CHANGELOG,
        "%s differs only in letter case from %s, which was applied: it may be the same, and would run again"
            .formatted(SchemaComparison.id(changeSet), before.asChangeset()),
        changeSet.getFilePath(),
        "If it is the same, spell it as it was when it was applied; if it is another, give it a name that"
            + " differs in more");
  }

  private static Problem twice(ChangeSet changeSet, Identity other) {
    return new Problem(
        ExitCode.CHANGELOG,
        "%s and %s differ only in letter case: the history would take both for one"
            .formatted(other.asChangeset(), SchemaComparison.id(changeSet)),
        changeSet.getFilePath(),
        "Give one of them a name that differs in more");
  }

  private Problem problem(Pair pair) {
    if (pair.isInOtherForm() && !pair.isAlike()) {
      return inOtherForm(pair);
    }
    if (pair.arePlain() && !pair.isAlike()) {
      return renamedFile(pair);
    }
    return new Problem(
        ExitCode.CHANGELOG,
        "changeset %s may have run already: the history has %s, %s"
            .formatted(
                SchemaComparison.id(pair.changeSet()),
                recorded(pair),
                pair.hasSameChecksum()
                    ? "with the same content, in another folder or under another name"
                    : "with another checksum"),
        pair.changeSet().getFilePath(),
        "If it is the same, give its changelog logicalFilePath=\"%s\"; if it is another, give it another id"
            .formatted(pair.row().ran().getChangeLog()));
  }

  private Problem inOtherForm(Pair pair) {
    return new Problem(
        ExitCode.CHANGELOG,
        "%s may have run already: the history has that file as %s, %s"
            .formatted(
                SchemaComparison.id(pair.changeSet()),
                recorded(pair),
                pair.isSameContent() ? "with the same content" : "with other content"),
        pair.changeSet().getFilePath(),
        pair.isSameContent()
            ? "Give the changelog in the form that it had; or, to go on in this one, run: "
                + update(pair)
            : "Give the changelog in the form that it had, and put what is new into a file of another name");
  }

  private Problem renamedFile(Pair pair) {
    return new Problem(
        ExitCode.CHANGELOG,
        "the file %s has the same content as %s, which was applied and is gone: renamed, it would run"
                .formatted(pair.now().exact().path(), pair.before().exact().path())
            + " again",
        pair.now().exact().path(),
        "Give it its old name back; if it is to run again, write a comment into a statement; if it is to keep the"
            + " new name, run: "
            + update(pair));
  }

  private static String recorded(Pair pair) {
    RanChangeSet ran = pair.row().ran();
    return "%s::%s::%s".formatted(ran.getChangeLog(), ran.getId(), ran.getAuthor());
  }

  /** Has the history call it as it is called now. */
  private String update(Pair pair) {
    ChangeSet now = pair.changeSet();
    RanChangeSet ran = pair.row().ran();
    return "UPDATE %s SET ID = '%s', AUTHOR = '%s', FILENAME = '%s' WHERE ID = '%s' AND AUTHOR = '%s' AND FILENAME = '%s'"
        .formatted(
            history,
            quoted(now.getId()),
            quoted(now.getAuthor()),
            quoted(now.getFilePath()),
            quoted(ran.getId()),
            quoted(ran.getAuthor()),
            quoted(Objects.requireNonNullElse(ran.getStoredChangeLog(), ran.getChangeLog())));
  }

  private static String quoted(String name) {
    return name.replace("'", "''");
  }

  private static boolean hasContent(Change change) {
    return !(change instanceof SqlFileChange file) || !file.isBlank();
  }
}
