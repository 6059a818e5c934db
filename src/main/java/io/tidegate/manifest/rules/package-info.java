/** The rules over what files deploy: a class for each subject, in it each rule's card and check. */
@NullMarked
package io.tidegate.manifest.rules;

import org.jspecify.annotations.NullMarked;
