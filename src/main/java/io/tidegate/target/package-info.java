/** What a backing service is, and the contracts that one kind of service fulfils. */
@NullMarked
package io.tidegate.target;

import org.jspecify.annotations.NullMarked;
