package io.tidegate.migration.sql;

import io.tidegate.migration.sql.SchemaComparison.Identity;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.RanChangeSet;

/**
 * Finds changesets that would run and differ only in letter case from one that ran, or from another
 * that would: a renamed file, or two of which the history could keep one. See {@link Identity}.
 */
final class LetterCase {
  private final List<ChangeSet> distinct = new ArrayList<>();
  private final List<Problem> doubtful = new ArrayList<>();

  LetterCase(List<ChangeSet> pending, List<RanChangeSet> ran) {
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
        doubtful.add(applied(changeSet, before));
      } else if (other != null && !other.equals(now)) {
        doubtful.add(twice(changeSet, other));
      } else {
        distinct.add(changeSet);
      }
    }
  }

  /** Those that differ in more. */
  List<ChangeSet> distinct() {
    return distinct;
  }

  /** Those that do not. */
  List<Problem> doubtful() {
    return doubtful;
  }

  private static Problem applied(ChangeSet changeSet, Identity before) {
    return new Problem(
        ExitCode.CHANGELOG,
        "%s differs only in letter case from %s, which was applied: it may be the same, and would run again"
            .formatted(Failures.id(changeSet), before.asChangeset()),
        changeSet.getFilePath(),
        "If it is the same, spell it as it was when it was applied; if it is another, give it a name that"
            + " differs in more");
  }

  private static Problem twice(ChangeSet changeSet, Identity other) {
    return new Problem(
        ExitCode.CHANGELOG,
        "%s and %s differ only in letter case: the history would take both for one"
            .formatted(other.asChangeset(), Failures.id(changeSet)),
        changeSet.getFilePath(),
        "Give one of them a name that differs in more");
  }
}
