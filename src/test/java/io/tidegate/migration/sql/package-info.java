/** Migrations of SQL databases, on real servers. */
@NullMarked
package io.tidegate.migration.sql;

import org.jspecify.annotations.NullMarked;
