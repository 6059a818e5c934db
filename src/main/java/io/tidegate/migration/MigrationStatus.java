package io.tidegate.migration;

import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.problem.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A target's schema against its changelog.
 *
 * @param applied in the order in which they ran, those that the changelog knows
 * @param pending in the order in which they would run
 * @param unexpected applied, but unknown to this changelog
 * @param changed applied, and changed in the changelog afterwards
 * @param problems what another tool's history says that keeps a run from going on
 * @param holder who holds the lock; null: nobody
 */
public record MigrationStatus(
    List<Applied> applied,
    List<Pending> pending,
    List<Applied> unexpected,
    List<ChangesetId> changed,
    List<Problem> problems,
    @Nullable LockHolder holder) {

  /** Copies the lists. */
  public MigrationStatus {
    applied = List.copyOf(applied);
    pending = List.copyOf(pending);
    unexpected = List.copyOf(unexpected);
    changed = List.copyOf(changed);
    problems = List.copyOf(problems);
  }

  /**
   * A changeset that ran.
   *
   * @param changeset which one
   * @param checksum as the history has it; null where it keeps none
   * @param at when it ran; null where the history does not tell
   */
  public record Applied(ChangesetId changeset, @Nullable String checksum, @Nullable Instant at) {}

  /**
   * A changeset that would run.
   *
   * @param changeset which one
   * @param checksum of what it says now; null where that cannot be computed, as where a file that it
   *     names is missing
   * @param awaited whether the schema is not as the changelog says before it has run: not where it ran
   *     as it is and runs again at each start, nor where it may be left out by its own word
   */
  public record Pending(ChangesetId changeset, @Nullable String checksum, boolean awaited) {}

  /**
   * A changeset that was begun and neither finished nor rolled back.
   *
   * @param changeset which one
   * @param since when it was begun; null where the history does not tell
   * @param by the host and process that ran it, for people
   * @param what the statement or command whose effect is not known, for people
   */
  public record Interrupted(
      ChangesetId changeset, @Nullable Instant since, String by, String what) {}
}
