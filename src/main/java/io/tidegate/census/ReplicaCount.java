package io.tidegate.census;

/**
 * How many replicas of the app there are or may be, and how that is known. A source is a phrase
 * that can follow the number: {@code declared by TIDEGATE_REPLICAS}.
 */
public sealed interface ReplicaCount {

  /**
   * Exactly so many, as the source says.
   *
   * @param surge how many more run for a while whenever a new version is rolled out
   */
  record Exactly(int replicas, String source, int surge) implements ReplicaCount {
    /** No more of them for a while, as far as is known. */
    public Exactly(int replicas, String source) {
      this(replicas, source, 0);
    }
  }

  /** Anything from one to so many, as the load has it. */
  record UpTo(int replicas, String source) implements ReplicaCount {}

  /** So many were seen; there may be more. */
  record AtLeast(int replicas, String source) implements ReplicaCount {}

  /** Nothing tells: why, without a full stop. */
  record Unknown(String reason) implements ReplicaCount {}
}
