/** Memcached, on a real server. */
@NullMarked
package io.tidegate.engine.memcached;

import org.jspecify.annotations.NullMarked;
