package io.tidegate.target;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a backup of a target can be seen, as declared: at least one of the two.
 *
 * @param directory in which backups are written, mounted here; null: none
 * @param archiver whether PostgreSQL archives its write-ahead log
 * @param maxAge how old the newest may be
 */
public record Backup(@Nullable Path directory, boolean archiver, Duration maxAge) {}
