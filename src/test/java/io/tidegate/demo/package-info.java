/** The demonstration: the real program against real servers that come up late. */
@NullMarked
package io.tidegate.demo;

import org.jspecify.annotations.NullMarked;
