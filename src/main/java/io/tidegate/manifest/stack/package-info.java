/** What files deploy, without the words of Compose or Kubernetes: what rules look at. */
@NullMarked
package io.tidegate.manifest.stack;

import org.jspecify.annotations.NullMarked;
