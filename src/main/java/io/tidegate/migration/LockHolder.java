package io.tidegate.migration;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a migration lock, as far as the server tells.
 *
 * @param who a host, a process, an application name: for people
 * @param since since when; null where the server does not tell
 * @param work what it is doing, for people; null where the server does not tell
 */
public record LockHolder(String who, @Nullable Instant since, @Nullable String work) {}
