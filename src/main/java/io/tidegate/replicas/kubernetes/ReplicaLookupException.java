package io.tidegate.replicas.kubernetes;

import io.tidegate.replicas.ReplicaCount;
import org.jspecify.annotations.Nullable;

/** The API did not tell: the message says why, as a phrase without a full stop. */
final class ReplicaLookupException extends Exception {
  private final boolean passing;

  // A plain record; what is thrown here is never serialised.
  private final transient ReplicaCount.@Nullable AtLeast seen;

  private ReplicaLookupException(String why, boolean passing, ReplicaCount.@Nullable AtLeast seen) {
    super(why);
    this.passing = passing;
    this.seen = seen;
  }

  /** It will not tell until somebody changes something. */
  static ReplicaLookupException lasting(String why) {
    return new ReplicaLookupException(why, false, null);
  }

  /** The same, after so many were seen. */
  static ReplicaLookupException lasting(String why, ReplicaCount.AtLeast seen) {
    return new ReplicaLookupException(why, false, seen);
  }

  /** It may tell the next time: the server was away, slow or overloaded. */
  static ReplicaLookupException passing(String why) {
    return new ReplicaLookupException(why, true, null);
  }

  boolean isPassing() {
    return passing;
  }

  ReplicaCount.@Nullable AtLeast seen() {
    return seen;
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
