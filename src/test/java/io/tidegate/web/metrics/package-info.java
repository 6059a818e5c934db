/** Metrics as Prometheus reads them. */
@NullMarked
package io.tidegate.web.metrics;

import org.jspecify.annotations.NullMarked;
