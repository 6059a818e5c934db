/** Tests of what is seen of backups. */
@NullMarked
package io.tidegate.backup;

import org.jspecify.annotations.NullMarked;
