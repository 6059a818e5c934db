/** Secrets as a type whose text is masked, and their redaction from text of others. */
@NullMarked
package io.tidegate.secret;

import org.jspecify.annotations.NullMarked;
