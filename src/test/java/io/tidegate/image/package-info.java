/** What the image's build runs. */
@NullMarked
package io.tidegate.image;

import org.jspecify.annotations.NullMarked;
