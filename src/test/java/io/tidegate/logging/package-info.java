/** Lines as they are written. */
@NullMarked
package io.tidegate.logging;

import org.jspecify.annotations.NullMarked;
