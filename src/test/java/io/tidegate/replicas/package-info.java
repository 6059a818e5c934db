@NullMarked
package io.tidegate.replicas;

import org.jspecify.annotations.NullMarked;
