/** Files as they are written: text, YAML with its lines, and what must not be shown of them. */
@NullMarked
package io.tidegate.source;

import org.jspecify.annotations.NullMarked;
