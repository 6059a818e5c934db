package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Interrupted;
import java.time.Instant;

/**
 * What was about to be done that cannot be rolled back.
 *
 * @param changeset the changeset
 * @param rerun whether it was in the history already, so that its history row proves nothing
 * @param started when its first such statement was sent
 * @param by the host and process that sent it
 * @param position which of the changeset's statements was sent last, from 1
 * @param statement the start of that statement, its literals masked
 */
record Intent(
    ChangesetId changeset,
    boolean rerun,
    Instant started,
    String by,
    int position,
    String statement) {

  Interrupted interrupted() {
    return new Interrupted(
        changeset, started, by, "statement %d, %s".formatted(position, statement));
  }

  /** Whether a person who wrote that means this one: any part of its name that is given must fit. */
  boolean isMeantBy(ChangesetId name) {
    boolean whole =
        name.path().equals(changeset.toString())
            || name.path().equals(changeset.path() + "::" + changeset.id());
    return whole
        || (fits(name.path(), changeset.path())
            && fits(name.id(), changeset.id())
            && fits(name.author(), changeset.author()));
  }

  private static boolean fits(String given, String own) {
    return given.isEmpty() || given.equals(own);
  }
}
