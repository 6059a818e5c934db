/** What a command that ends leaves behind of its run: a trace and the metrics, sent by OTLP. */
@NullMarked
package io.tidegate.telemetry;

import org.jspecify.annotations.NullMarked;
