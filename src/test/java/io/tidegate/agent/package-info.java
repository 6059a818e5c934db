/** Tests of the ordered run. */
@NullMarked
package io.tidegate.agent;

import org.jspecify.annotations.NullMarked;
