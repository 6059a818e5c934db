package io.tidegate.census;

import org.jspecify.annotations.Nullable;

/**
 * How many replicas of the app there are or may be, and how that is known. A source is a phrase
 * that can follow the number: {@code declared by TIDEGATE_REPLICAS}.
 */
public sealed interface ReplicaCount {

  /** The number and its source, in words: {@code 3 replicas declared by TIDEGATE_REPLICAS}. */
  default String inWords() {
    return switch (this) {
      case Exactly(int count, String source, int _) -> replicas(count) + " " + source;
      case UpTo(int count, String source) -> "up to " + replicas(count) + " " + source;
      case AtLeast(int count, String source) -> "at least " + replicas(count) + " " + source;
      case Unknown(String reason, AtLeast _) ->
          "the number of replicas is unknown (" + reason + ")";
    };
  }

  /** The number; 0: nothing tells. */
  default int number() {
    return switch (this) {
      case Exactly(int count, String _, int _) -> count;
      case UpTo(int count, String _) -> count;
      case AtLeast(int count, String _) -> count;
      case Unknown _ -> 0;
    };
  }

  private static String replicas(int count) {
    return count == 1 ? "1 replica" : count + " replicas";
  }

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

  /**
   * Nothing tells.
   *
   * @param reason why, without a full stop
   * @param seen what was seen before the answers ended; null: nothing
   */
  record Unknown(String reason, @Nullable AtLeast seen) implements ReplicaCount {
    /** Nothing was seen. */
    public Unknown(String reason) {
      this(reason, null);
    }
  }
}
