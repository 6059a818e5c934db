/**
 * PostgreSQL and what speaks its protocol. Facts: {@code version}, {@code fsync}, {@code
 * full_page_writes}, {@code synchronous_commit}, {@code superuser}, {@code in_recovery}, {@code ssl},
 * {@code archive_mode} and {@code archive_failing}, each as PostgreSQL spells it ({@code on}, {@code
 * off}); {@code unlogged_tables}, the first few, and {@code archived_seconds_ago}, both empty for
 * none; and a setting of each provider that has one of its own.
 */
@NullMarked
package io.tidegate.engine.postgres;

import org.jspecify.annotations.NullMarked;
