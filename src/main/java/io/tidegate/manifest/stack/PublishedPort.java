package io.tidegate.manifest.stack;

import io.tidegate.manifest.source.Place;

/**
 * A way into a container from outside of its network.
 *
 * @param how as in {@code ports publishes 5432} or {@code Service db of type NodePort}
 * @param everywhere whether every interface of the host listens
 */
public record PublishedPort(String how, boolean everywhere, Place place) {}
