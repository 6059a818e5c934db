/** {@code check}: checks the files of Compose, Kubernetes and other platforms before anything is deployed. */
@NullMarked
package io.tidegate.manifest;

import org.jspecify.annotations.NullMarked;
