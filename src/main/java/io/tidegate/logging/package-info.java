/** What the program says: the log, and the last words that the platform keeps. */
@NullMarked
package io.tidegate.logging;

import org.jspecify.annotations.NullMarked;
