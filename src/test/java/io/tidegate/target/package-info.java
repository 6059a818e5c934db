/** What every engine must do, shown on real servers. */
@NullMarked
package io.tidegate.target;

import org.jspecify.annotations.NullMarked;
