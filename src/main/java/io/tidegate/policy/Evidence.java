package io.tidegate.policy;

import io.tidegate.replicas.KnownPlatform;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.target.Facts;
import io.tidegate.target.Target;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that rules may look at.
 *
 * @param replicas how many replicas of the app there are
 * @param declared how many a user declared; null: not declared
 * @param targets as declared
 * @param facts by target name; empty before waiting
 * @param environment the environment variables that Tidegate sees
 */
public record Evidence(
    ReplicaCount replicas,
    @Nullable Integer declared,
    List<Target> targets,
    Map<String, Facts> facts,
    Map<String, String> environment) {

  /** Copies the collections. */
  public Evidence {
    targets = List.copyOf(targets);
    facts = Map.copyOf(facts);
    environment = Map.copyOf(environment);
  }

  /** The same where no number is declared. */
  public Evidence(
      ReplicaCount replicas,
      List<Target> targets,
      Map<String, Facts> facts,
      Map<String, String> environment) {
    this(replicas, null, targets, facts, environment);
  }

  /**
   * Whether more than one replica runs, or must be taken to run. Inside Kubernetes and on other
   * platforms that scale an app without a file of it being touched, an unknown number counts as more
   * than one; so does "at least one", since replicas that are not ready have no address yet.
   * Elsewhere both count as one.
   */
  public boolean scaled() {
    return replicas.number() > 1
        || (replicas.mayBeMore() && KnownPlatform.of(environment).isPresent());
  }

  /** The names of the targets and nothing else: the environment may hold secrets. */
  @Override
  public String toString() {
    return "Evidence" + targets.stream().map(Target::name).toList();
  }

  /** The replicas in words, for the evidence of a finding: {@code 3 replicas declared by ...}. */
  public String describeReplicas() {
    boolean guessed = replicas.mayBeMore() && replicas.number() <= 1;
    return replicas.describe() + (guessed ? assumption() : "");
  }

  private String assumption() {
    boolean severalSeen =
        replicas instanceof ReplicaCount.Unknown(String _, ReplicaCount.AtLeast seen)
            && seen != null
            && seen.number() > 1;
    return KnownPlatform.of(environment)
        .map(platform ->
            ", which on %s counts as more than one".formatted(platform.name())
                + (severalSeen ? "" : ": if exactly one runs, declare TIDEGATE_REPLICAS=1"))
        .orElse(", which counts as one: declare TIDEGATE_REPLICAS if there are more");
  }
}
