/** Tests of the whole. */
@NullMarked
package io.tidegate;

import org.jspecify.annotations.NullMarked;
