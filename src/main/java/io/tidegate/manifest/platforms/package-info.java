/** Reads what platforms other than Compose and Kubernetes deploy from: ECS, Nomad, Render, Fly.io. */
@NullMarked
package io.tidegate.manifest.platforms;

import org.jspecify.annotations.NullMarked;
