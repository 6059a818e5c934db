package io.tidegate.replicas;

import io.tidegate.replicas.ReplicaCount.AtLeast;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * This replica's own index, where the platform tells it: whoever has an index above the first is not
 * alone. The first index proves nothing.
 */
final class IndexReplicas implements ReplicaSource {
  /**
   * A variable, and the index of the first replica. SWARM_TASK_SLOT is for Swarm, which sets no
   * variable by itself: {@code SWARM_TASK_SLOT={{.Task.Slot}}}.
   *
   * @see <a href="https://docs.docker.com/reference/cli/docker/service/create/#create-services-using-templates">
   *     Swarm</a>
   * @see <a href="https://developer.hashicorp.com/nomad/docs/reference/runtime-environment-settings">
   *     Nomad</a>
   */
  private static final List<Map.Entry<String, Integer>> FIRST =
      List.of(Map.entry("NOMAD_ALLOC_INDEX", 0), Map.entry("SWARM_TASK_SLOT", 1));

  private final ReplicaSettings settings;

  IndexReplicas(ReplicaSettings settings) {
    this.settings = settings;
  }

  @Override
  public int order() {
    return 400;
  }

  @Override
  public Optional<ReplicaCount> count() {
    return FIRST.stream()
        .flatMap(entry -> seen(entry.getKey(), entry.getValue()).stream())
        .findFirst();
  }

  private Optional<ReplicaCount> seen(String variable, int first) {
    String value = settings.environment().getOrDefault(variable, "").strip();
    if (!value.matches("[0-9]{1,6}")) {
      return Optional.empty();
    }
    int replicas = Integer.parseInt(value) - first + 1;
    return replicas > 1
        ? Optional.of(new AtLeast(replicas, "proven by %s=%s".formatted(variable, value)))
        : Optional.empty();
  }
}
