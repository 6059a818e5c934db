/** The ordered run: check, await, check the live servers, migrate, watch; and the snapshot others read. */
@NullMarked
package io.tidegate.agent;

import org.jspecify.annotations.NullMarked;
