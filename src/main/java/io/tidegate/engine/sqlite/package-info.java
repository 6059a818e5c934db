/** SQLite. Facts: {@code version}, {@code journal_mode} and {@code synchronous}. */
@NullMarked
package io.tidegate.engine.sqlite;

import org.jspecify.annotations.NullMarked;
