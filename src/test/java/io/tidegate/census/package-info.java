@NullMarked
package io.tidegate.census;

import org.jspecify.annotations.NullMarked;
