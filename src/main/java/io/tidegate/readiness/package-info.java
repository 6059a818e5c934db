/** Probing all targets in parallel until they are ready or the deadline has passed. */
@NullMarked
package io.tidegate.readiness;

import org.jspecify.annotations.NullMarked;
