/** Reads Kubernetes manifests into what they deploy. */
@NullMarked
package io.tidegate.manifest.kubernetes;

import org.jspecify.annotations.NullMarked;
