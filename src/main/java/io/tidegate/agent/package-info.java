/** The ordered run: judge, await, judge live, migrate, watch; and the snapshot others read. */
@NullMarked
package io.tidegate.agent;

import org.jspecify.annotations.NullMarked;
