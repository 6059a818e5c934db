package io.tidegate.agent;

import io.tidegate.migration.LockHolder;
import io.tidegate.migration.MigrationOutcome;
import java.util.List;
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
}
