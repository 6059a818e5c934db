/** How many replicas of the app there are or may be, and how that is known. */
@NullMarked
package io.tidegate.replicas;

import org.jspecify.annotations.NullMarked;
