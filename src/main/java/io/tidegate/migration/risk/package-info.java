/** What pending statements would cost: rows that they destroy, and tables that they block. */
@NullMarked
package io.tidegate.migration.risk;

import org.jspecify.annotations.NullMarked;
