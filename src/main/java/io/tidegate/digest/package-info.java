/** Digests of texts and files. */
@NullMarked
package io.tidegate.digest;

import org.jspecify.annotations.NullMarked;
