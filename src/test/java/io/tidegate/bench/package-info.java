/** The comparison with other migrators that {@code bench/run} makes. */
@NullMarked
package io.tidegate.bench;

import org.jspecify.annotations.NullMarked;
