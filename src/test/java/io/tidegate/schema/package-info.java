/** The gate over schemas that other tools keep, over the tables that those tools make. */
@NullMarked
package io.tidegate.schema;

import org.jspecify.annotations.NullMarked;
