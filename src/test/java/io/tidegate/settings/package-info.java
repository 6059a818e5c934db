/** What users declare, in every spelling, and the message for every mistake. */
@NullMarked
package io.tidegate.settings;

import org.jspecify.annotations.NullMarked;
