/** What went wrong, where, and what to do about it; and the one table of exit codes. */
@NullMarked
package io.tidegate.problem;

import org.jspecify.annotations.NullMarked;
