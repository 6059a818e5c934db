@NullMarked
package io.tidegate.replicas.kubernetes;

import org.jspecify.annotations.NullMarked;
