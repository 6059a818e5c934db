/** Writing JSON by hand, where no library may be loaded for it. */
@NullMarked
package io.tidegate.json;

import org.jspecify.annotations.NullMarked;
