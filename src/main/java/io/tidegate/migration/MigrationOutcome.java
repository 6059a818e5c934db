package io.tidegate.migration;

import java.time.Duration;

/**
 * What a migration did.
 *
 * @param applied how many changesets it applied itself
 * @param alreadyApplied how many of the changelog were applied before
 * @param unexpected how many applied ones the changelog does not know: a newer release ran
 * @param took the whole time, waiting for the lock included
 * @param lockWait the time spent waiting for the lock
 * @param retries how many changesets had to be tried again since a table was locked
 */
public record MigrationOutcome(
    int applied,
    int alreadyApplied,
    int unexpected,
    Duration took,
    Duration lockWait,
    int retries) {}
