/** Rules over evidence, giving findings and one verdict. */
@NullMarked
package io.tidegate.policy;

import org.jspecify.annotations.NullMarked;
