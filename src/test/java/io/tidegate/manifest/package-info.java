/** Tests of {@code check}. */
@NullMarked
package io.tidegate.manifest;

import org.jspecify.annotations.NullMarked;
