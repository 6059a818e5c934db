package io.tidegate.replicas;

import org.jspecify.annotations.Nullable;

/**
 * How many replicas of the app there are or may be, and how that is known. A source is a phrase
 * that can follow the number: {@code declared by TIDEGATE_REPLICAS}.
 */
public sealed interface ReplicaCount {

  /** The number and its source, in words: {@code 3 replicas declared by TIDEGATE_REPLICAS}. */
  String describe();

  /** The number; 0: nothing tells. */
  int number();

  /** Whether there may be more of them than is known. */
  default boolean mayBeMore() {
    return this instanceof AtLeast || this instanceof Unknown;
  }

  private static String count(int count) {
    return count == 1 ? "1 replica" : count + " replicas";
  }

  /**
   * Exactly so many, as the source says.
   *
   * @param surge how many more run for a while whenever a new version is rolled out
   */
  record Exactly(int number, String source, int surge) implements ReplicaCount {
    /** No more of them for a while, as far as is known. */
    public Exactly(int number, String source) {
      this(number, source, 0);
    }

    @Override
    public String describe() {
      return count(number) + " " + source;
    }
  }

  /** Anything from one to so many, as the load has it. */
  record UpTo(int number, String source) implements ReplicaCount {
    @Override
    public String describe() {
      return "up to " + count(number) + " " + source;
    }
  }

  /** So many were seen; there may be more. */
  record AtLeast(int number, String source) implements ReplicaCount {
    @Override
    public String describe() {
      return "at least " + count(number) + " " + source;
    }
  }

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

    @Override
    public String describe() {
      return "the number of replicas is unknown (" + reason + ")";
    }

    @Override
    public int number() {
      return 0;
    }
  }
}
