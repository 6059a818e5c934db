/** Detects SQLite by how frameworks spell it in their configuration. */
@NullMarked
package io.tidegate.policy.sqlite;

import org.jspecify.annotations.NullMarked;
