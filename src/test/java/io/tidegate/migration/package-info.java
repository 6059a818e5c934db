/** Tests that every engine's migrations pass. */
@NullMarked
package io.tidegate.migration;

import org.jspecify.annotations.NullMarked;
