/** Rules over evidence, giving findings and one verdict. */
@NullMarked
package io.tidegate.guard;

import org.jspecify.annotations.NullMarked;
