/** Metrics as Prometheus reads them. */
@NullMarked
package io.tidegate.metrics;

import org.jspecify.annotations.NullMarked;
