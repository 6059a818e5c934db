/** Everything that a user declares, read from environment, YAML and flags into records. */
@NullMarked
package io.tidegate.config;

import org.jspecify.annotations.NullMarked;
