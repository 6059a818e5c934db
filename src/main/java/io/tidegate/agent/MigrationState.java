package io.tidegate.agent;

import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener.LockHolder;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one target's migration now.
 *
 * @param target the target's name
 * @param phase {@code pending}, {@code waiting}, {@code running}, {@code done} or {@code failed}
 * @param changeset the changeset that runs, for people; null: none
 * @param number which of the pending ones it is, from 1; 0: none
 * @param of how many were pending when it began; 0: not known
 * @param holder who holds the lock while it is waited for; null: nobody
 * @param retries how often a changeset was tried again so far, since a table was locked
 * @param interrupted the changesets that an earlier run left half done, which ended this one
 * @param outcome what it did; null until it is done
 */
public record MigrationState(
    String target,
    Phase phase,
    @Nullable String changeset,
    int number,
    int of,
    @Nullable LockHolder holder,
    int retries,
    List<String> interrupted,
    @Nullable MigrationOutcome outcome) {

  /** Copies the list. */
  public MigrationState {
    interrupted = List.copyOf(interrupted);
  }

  /** Where a migration is. */
  public enum Phase {
    PENDING,
    WAITING,
    RUNNING,
    DONE,
    FAILED
  }

  /** A migration that has not begun. */
  public static MigrationState pending(String target) {
    return new MigrationState(target, Phase.PENDING, null, 0, 0, null, 0, List.of(), null);
  }

  /** It waits for the lock that this one holds. */
  MigrationState waiting(LockHolder holder) {
    return new MigrationState(target, Phase.WAITING, null, 0, 0, holder, retries, List.of(), null);
  }

  /** It applies a changeset. */
  MigrationState running(String changeset, int number, int of) {
    return new MigrationState(
        target, Phase.RUNNING, changeset, number, of, null, retries, List.of(), null);
  }

  /** The changeset is tried again. */
  MigrationState retried() {
    return new MigrationState(
        target, phase, changeset, number, of, holder, retries + 1, interrupted, outcome);
  }

  /** It has found one more changeset that an earlier run left half done. */
  MigrationState withInterrupted(String changeset) {
    List<String> all = Stream.concat(interrupted.stream(), Stream.of(changeset)).toList();
    return new MigrationState(
        target, phase, this.changeset, number, of, holder, retries, all, outcome);
  }

  /** It is done. */
  MigrationState done(MigrationOutcome outcome) {
    return new MigrationState(
        target, Phase.DONE, null, 0, 0, null, outcome.retries(), List.of(), outcome);
  }

  /** It failed, at the changeset that ran. */
  MigrationState failed() {
    return new MigrationState(
        target, Phase.FAILED, changeset, number, of, null, retries, interrupted, null);
  }
}
