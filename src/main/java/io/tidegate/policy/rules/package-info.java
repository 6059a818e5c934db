/** The rules over settings and live servers, by what they look at: a card and a check for each. */
@NullMarked
package io.tidegate.policy.rules;

import org.jspecify.annotations.NullMarked;
