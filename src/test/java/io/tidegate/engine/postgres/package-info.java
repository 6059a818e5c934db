/** PostgreSQL, on real servers. */
@NullMarked
package io.tidegate.engine.postgres;

import org.jspecify.annotations.NullMarked;
