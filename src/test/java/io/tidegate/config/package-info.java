/** What users declare, in every spelling, and the message for every mistake. */
@NullMarked
package io.tidegate.config;

import org.jspecify.annotations.NullMarked;
