/** Tests of waiting. */
@NullMarked
package io.tidegate.readiness;

import org.jspecify.annotations.NullMarked;
