/**
 * Asks the Kubernetes API how many replicas there are or may be of the pod that this runs in, and leaves
 * there why its start is refused.
 */
@NullMarked
package io.tidegate.replicas.kubernetes;

import org.jspecify.annotations.NullMarked;
