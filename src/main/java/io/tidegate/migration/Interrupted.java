package io.tidegate.migration;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A changeset that was begun and neither finished nor rolled back.
 *
 * @param changeset which one
 * @param since when it was begun; null where the history does not tell
 * @param by the host and process that ran it, for people
 * @param what the statement or command whose effect is not known, for people
 */
public record Interrupted(ChangesetId changeset, @Nullable Instant since, String by, String what) {}
