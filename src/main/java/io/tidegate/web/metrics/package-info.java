/** The snapshot as metrics for Prometheus: made when asked for, stored nowhere. */
@NullMarked
package io.tidegate.web.metrics;

import org.jspecify.annotations.NullMarked;
