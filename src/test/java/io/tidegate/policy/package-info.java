@NullMarked
package io.tidegate.policy;

import org.jspecify.annotations.NullMarked;
