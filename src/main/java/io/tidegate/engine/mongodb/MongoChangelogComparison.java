package io.tidegate.engine.mongodb;

import io.tidegate.engine.mongodb.MigrationRun.Interruption;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationStatus;
import io.tidegate.migration.MigrationStatus.Applied;
import io.tidegate.migration.MigrationStatus.Pending;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A changelog's files against the journal. Holds names, not contents: a file is read again when it
 * is run.
 *
 * @param target its name, for problems
 * @param journal the entries by id
 * @param known the entries that are applied and in the changelog
 * @param pending the files that are not applied, in order
 * @param changed the files that were applied, or begun, and say something else now
 * @param unexpected the entries that are applied and not in the changelog
 */
record MongoChangelogComparison(
    String target,
    Map<String, JournalEntry> journal,
    List<JournalEntry> known,
    List<MongoChangelogFile> pending,
    List<MongoChangelogFile> changed,
    List<JournalEntry> unexpected) {

  /**
   * Reads every file, and parses those that are pending or not as they were.
   *
   * @throws ProblemException with exit 65 that names each file that is invalid
   */
  static MongoChangelogComparison of(
      CommandDirectory directory, Map<String, JournalEntry> journal, String target) {
    List<JournalEntry> known = new ArrayList<>();
    List<MongoChangelogFile> pending = new ArrayList<>();
    List<MongoChangelogFile> changed = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (MongoChangelogFile file : directory.files()) {
      names.add(file.name());
      JournalEntry entry = journal.get(file.name());
      try {
        if (!asBefore(file, entry)) {
          changed.add(file);
        }
      } catch (ProblemException e) {
        problems.addAll(e.problems());
      }
      if (entry != null && entry.applied()) {
        known.add(entry);
      } else {
        pending.add(file);
      }
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
    List<JournalEntry> unexpected =
        journal.values().stream()
            .filter(entry -> entry.applied() && !names.contains(entry.id()))
            .toList();
    return new MongoChangelogComparison(target, journal, known, pending, changed, unexpected);
  }

  private static boolean asBefore(MongoChangelogFile source, @Nullable JournalEntry entry) {
    if (entry != null
        && entry.applied()
        && CommandFile.sourceOf(source.read()).equals(entry.source())) {
      return true;
    }
    CommandFile file = CommandFile.read(source);
    if (entry == null) {
      return true;
    }
    if (entry.applied()) {
      return file.checksum().equals(entry.checksum());
    }
    // Half done: what is still to be run may be corrected, what was run may not.
    return entry.done() <= file.size() && file.checksum(entry.done()).equals(entry.doneChecksum());
  }

  /**
   * Nothing changed after it ran.
   *
   * @throws ProblemException with exit 65 that names each changed file
   */
  void refuseChanged() {
    if (!changed.isEmpty()) {
      throw new ProblemException(changed.stream().map(this::changedProblem).toList());
    }
  }

  private Problem changedProblem(MongoChangelogFile file) {
    return new Problem(
        ExitCode.CHANGELOG,
        "changeset %s was changed after it ran on target %s".formatted(file.name(), target),
        file.path().toString(),
        "Restore the file as it was, and put the change into a new file");
  }

  /**
   * Nothing is half done. To be asked by the lease's holder: for others it may just be running.
   *
   * @throws ProblemException with exit 65 that names each interrupted changeset
   */
  void refuseInterrupted() {
    List<Problem> problems =
        pending.stream()
            .map(file -> journal.get(file.name()))
            .filter(entry -> entry != null && entry.uncertain())
            .map(entry -> Interruption.problem(entry, target))
            .toList();
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
  }

  /** The same for people. */
  MigrationStatus status(@Nullable LockHolder holder) {
    return new MigrationStatus(
        inOrder(known),
        pending.stream().map(file -> pending(file, CommandFile.read(file))).toList(),
        inOrder(unexpected),
        changed.stream().map(MongoChangelogFile::changeset).toList(),
        List.of(),
        holder);
  }

  /** One that would run. */
  static Pending pending(MongoChangelogFile source, CommandFile file) {
    return new Pending(source.changeset(), file.checksum(), true);
  }

  private static List<Applied> inOrder(List<JournalEntry> entries) {
    return entries.stream()
        .sorted(
            Comparator.comparing(
                    JournalEntry::finishedAt, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(JournalEntry::id))
        .map(entry ->
            new Applied(
                new ChangesetId(entry.id(), entry.id(), ""),
                entry.checksum().isEmpty() ? null : entry.checksum(),
                entry.finishedAt()))
        .toList();
  }
}
