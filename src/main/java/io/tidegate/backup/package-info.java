/**
 * What can be seen of backups without restoring one. Facts: {@code backup_directory}, {@code present}
 * or {@code missing}; {@code backup_file}, the newest, empty for none; {@code
 * backup_file_seconds_ago}; {@code backup_unread}, what could not be looked at, empty for nothing.
 */
@NullMarked
package io.tidegate.backup;

import org.jspecify.annotations.NullMarked;
