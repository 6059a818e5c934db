@NullMarked
package io.tidegate.guard.sqlite;

import org.jspecify.annotations.NullMarked;
