@NullMarked
package io.tidegate.policy.sqlite;

import org.jspecify.annotations.NullMarked;
