/** One self-describing file a rule over what files deploy. */
@NullMarked
package io.tidegate.manifest.rules;

import org.jspecify.annotations.NullMarked;
