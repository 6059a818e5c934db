/** Tests of waiting. */
@NullMarked
package io.tidegate.await;

import org.jspecify.annotations.NullMarked;
