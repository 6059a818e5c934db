@NullMarked
package io.tidegate.policy.rules;

import org.jspecify.annotations.NullMarked;
