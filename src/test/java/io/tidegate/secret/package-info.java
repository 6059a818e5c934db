/** Tests of what is masked. */
@NullMarked
package io.tidegate.secret;

import org.jspecify.annotations.NullMarked;
