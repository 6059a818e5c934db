/** Reads Compose files into what they deploy. */
@NullMarked
package io.tidegate.manifest.compose;

import org.jspecify.annotations.NullMarked;
