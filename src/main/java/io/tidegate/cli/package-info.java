/** The command line, one class a command. */
@NullMarked
package io.tidegate.cli;

import org.jspecify.annotations.NullMarked;
