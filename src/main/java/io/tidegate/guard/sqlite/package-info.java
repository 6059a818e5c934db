/** Tells SQLite by how frameworks spell it in their configuration. */
@NullMarked
package io.tidegate.guard.sqlite;

import org.jspecify.annotations.NullMarked;
