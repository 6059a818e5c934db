@NullMarked
package io.tidegate.census.kubernetes;

import org.jspecify.annotations.NullMarked;
