/** One self-describing file a rule over what files deploy. */
@NullMarked
package io.tidegate.check.rules;

import org.jspecify.annotations.NullMarked;
