/** Tests of {@code check}. */
@NullMarked
package io.tidegate.check;

import org.jspecify.annotations.NullMarked;
