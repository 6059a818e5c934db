/** Applying a changelog to one target exactly once, and telling what is applied. */
@NullMarked
package io.tidegate.migration;

import org.jspecify.annotations.NullMarked;
