/** {@code check}: judges Compose and Kubernetes files before anything is deployed. */
@NullMarked
package io.tidegate.check;

import org.jspecify.annotations.NullMarked;
