/** Lines as they are written. */
@NullMarked
package io.tidegate.log;

import org.jspecify.annotations.NullMarked;
