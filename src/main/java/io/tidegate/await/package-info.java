/** Probing all targets in parallel until they are ready or the deadline has passed. */
@NullMarked
package io.tidegate.await;

import org.jspecify.annotations.NullMarked;
