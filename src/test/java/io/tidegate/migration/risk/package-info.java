@NullMarked
package io.tidegate.migration.risk;

import org.jspecify.annotations.NullMarked;
