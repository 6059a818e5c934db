/** Reads Kubernetes manifests into what they deploy. */
@NullMarked
package io.tidegate.check.kubernetes;

import org.jspecify.annotations.NullMarked;
