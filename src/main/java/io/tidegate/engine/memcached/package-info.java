/**
 * Memcached: one server or several, in the text protocol.
 *
 * <p>Facts are asked of {@code stats} ({@code version}, {@code limit_maxbytes}, {@code evictions}), by
 * these names. Of several servers each is asked, and each fact has the prefix {@code
 * node.<host:port>.}.
 */
@NullMarked
package io.tidegate.engine.memcached;

import org.jspecify.annotations.NullMarked;
