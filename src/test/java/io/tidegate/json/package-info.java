/** Tests of JSON that is written by hand. */
@NullMarked
package io.tidegate.json;

import org.jspecify.annotations.NullMarked;
