package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;
import io.tidegate.agent.MigrationState;
import io.tidegate.migration.LockHolder;
import io.tidegate.migration.MigrationOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A target's migration.
 *
 * @param phase {@code pending}, {@code waiting}, {@code running}, {@code done} or {@code failed}
 * @param changeset the one that runs; null: none
 * @param number which of the pending ones it is, from 1; 0: none
 * @param of how many were pending; 0: not known
 * @param holder who holds the lock while it is waited for; null: nobody
 * @param retries how often a changeset was tried again so far
 * @param interrupted the changesets that an earlier run left half done
 * @param outcome what it did; null until it is done
 */
@Introspected
record MigrationBody(
    String target,
    String phase,
    @Nullable String changeset,
    int number,
    int of,
    @Nullable Holder holder,
    int retries,
    List<String> interrupted,
    @Nullable Outcome outcome) {

  /** Who holds a lock. */
  @Introspected
  record Holder(String who, @Nullable Instant since, @Nullable String work) {
    static @Nullable Holder of(@Nullable LockHolder holder) {
      return holder == null
          ? null
          : new Holder(Text.of(holder.who()), holder.since(), Text.orNull(holder.work()));
    }
  }

  /** What a migration did. */
  @Introspected
  record Outcome(
      int applied,
      int alreadyApplied,
      int unexpected,
      long tookMillis,
      long lockWaitMillis,
      int retries) {
    static @Nullable Outcome of(@Nullable MigrationOutcome outcome) {
      return outcome == null
          ? null
          : new Outcome(
              outcome.applied(),
              outcome.alreadyApplied(),
              outcome.unexpected(),
              outcome.took().toMillis(),
              outcome.lockWait().toMillis(),
              outcome.retries());
    }
  }

  static MigrationBody of(MigrationState state) {
    return new MigrationBody(
        state.target(),
        state.phase().name().toLowerCase(Locale.ROOT),
        Text.orNull(state.changeset()),
        state.number(),
        state.of(),
        Holder.of(state.holder()),
        state.retries(),
        state.interrupted().stream().map(Text::of).toList(),
        Outcome.of(state.outcome()));
  }
}
