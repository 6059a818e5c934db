/** Redis, on real servers. */
@NullMarked
package io.tidegate.engine.redis;

import org.jspecify.annotations.NullMarked;
