/** {@code check}: checks Compose and Kubernetes files before anything is deployed. */
@NullMarked
package io.tidegate.manifest;

import org.jspecify.annotations.NullMarked;
