/** Tools that the build runs on the source tree. */
@NullMarked
package io.tidegate.build;

import org.jspecify.annotations.NullMarked;
