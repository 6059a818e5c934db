/** The rules: each one file, with its card, its evidence and nothing else. */
@NullMarked
package io.tidegate.policy.rules;

import org.jspecify.annotations.NullMarked;
