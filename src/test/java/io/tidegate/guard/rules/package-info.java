@NullMarked
package io.tidegate.guard.rules;

import org.jspecify.annotations.NullMarked;
