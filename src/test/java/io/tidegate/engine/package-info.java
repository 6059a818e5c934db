/** What every engine must do, shown on real servers. */
@NullMarked
package io.tidegate.engine;

import org.jspecify.annotations.NullMarked;
