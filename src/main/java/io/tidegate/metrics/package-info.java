/** The snapshot as metrics for Prometheus: made when asked for, stored nowhere. */
@NullMarked
package io.tidegate.metrics;

import org.jspecify.annotations.NullMarked;
