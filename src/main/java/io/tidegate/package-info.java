/** The main class of Tidegate; {@code cli.Composition} puts the parts together. */
@NullMarked
package io.tidegate;

import org.jspecify.annotations.NullMarked;
