/** Reads Compose files into what they deploy. */
@NullMarked
package io.tidegate.check.compose;

import org.jspecify.annotations.NullMarked;
