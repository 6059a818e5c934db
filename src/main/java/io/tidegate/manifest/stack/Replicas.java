package io.tidegate.manifest.stack;

import io.tidegate.manifest.source.Place;
import org.jspecify.annotations.Nullable;

/**
 * How many replicas there may be at most.
 *
 * @param evidence as in {@code spec.replicas is 3}
 * @param place null where nothing is said, which means one
 */
public record Replicas(int most, String evidence, @Nullable Place place) {
  /** Nothing is said. */
  public static final Replicas ONE = new Replicas(1, "no replicas are declared", null);

  /** Whether there may be more than one. */
  public boolean several() {
    return most > 1;
  }

  /** The larger of the two. */
  public Replicas or(Replicas other) {
    return other.most > most ? other : this;
  }
}
