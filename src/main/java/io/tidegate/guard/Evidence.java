package io.tidegate.guard;

import io.tidegate.census.ReplicaCount;
import io.tidegate.engine.Facts;
import io.tidegate.engine.Target;
import java.util.List;
import java.util.Map;

/**
 * All that rules may look at.
 *
 * @param replicas how many replicas of the app there are
 * @param targets as declared
 * @param facts by target name; empty before waiting
 * @param environment the environment variables that Tidegate sees
 */
public record Evidence(
    ReplicaCount replicas,
    List<Target> targets,
    Map<String, Facts> facts,
    Map<String, String> environment) {

  /** Copies the collections. */
  public Evidence {
    targets = List.copyOf(targets);
    facts = Map.copyOf(facts);
    environment = Map.copyOf(environment);
  }

  /** Whether more than one replica runs, or may. */
  public boolean scaled() {
    return switch (replicas) {
      case ReplicaCount.Exactly(int count, String source) -> count > 1;
      case ReplicaCount.AtLeast(int count, String source) -> count > 1;
      case ReplicaCount.Unknown(String reason) -> false;
    };
  }

  /** The names of the targets and nothing else: the environment may hold secrets. */
  @Override
  public String toString() {
    return "Evidence" + targets.stream().map(Target::name).toList();
  }
}
