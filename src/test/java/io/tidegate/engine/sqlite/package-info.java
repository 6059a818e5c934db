/** SQLite, on real servers. */
@NullMarked
package io.tidegate.engine.sqlite;

import org.jspecify.annotations.NullMarked;
