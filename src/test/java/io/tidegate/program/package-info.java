/** The real program, {@code target/tidegate.jar}, as a process. */
@NullMarked
package io.tidegate.program;

import org.jspecify.annotations.NullMarked;
