/** The composition root of Tidegate: the main class and nothing else. */
@NullMarked
package io.tidegate;

import org.jspecify.annotations.NullMarked;
