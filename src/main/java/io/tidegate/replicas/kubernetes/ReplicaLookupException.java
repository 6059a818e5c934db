package io.tidegate.replicas.kubernetes;

import io.tidegate.replicas.ReplicaCount;
import org.jspecify.annotations.Nullable;

/** The API did not tell: the message says why, as a phrase without a full stop. */
final class ReplicaLookupException extends Exception {
  private final Kind kind;

  // A plain record; what is thrown here is never serialised.
  private final transient ReplicaCount.@Nullable AtLeast seen;

  private ReplicaLookupException(String why, Kind kind, ReplicaCount.@Nullable AtLeast seen) {
    super(why);
    this.kind = kind;
    this.seen = seen;
  }

  /** It will not tell until somebody changes something. */
  static ReplicaLookupException lasting(String why) {
    return new ReplicaLookupException(why, Kind.LASTING, null);
  }

  /** The server refused the token or the request; one that is just starting does so for a moment. */
  static ReplicaLookupException refused(String why) {
    return new ReplicaLookupException(why, Kind.REFUSED, null);
  }

  /** It may tell the next time: the server was away, slow or overloaded. */
  static ReplicaLookupException passing(String why) {
    return new ReplicaLookupException(why, Kind.PASSING, null);
  }

  /** The same, after so many were seen; null: no more than this pod. */
  ReplicaLookupException after(String words, ReplicaCount.@Nullable AtLeast number) {
    return new ReplicaLookupException(why() + "; " + words, kind, number);
  }

  boolean isPassing() {
    return kind == Kind.PASSING;
  }

  boolean isRefusal() {
    return kind == Kind.REFUSED;
  }

  ReplicaCount.@Nullable AtLeast seen() {
    return seen;
  }

  String why() {
    return String.valueOf(getMessage());
  }

  private enum Kind {
    LASTING,
    REFUSED,
    PASSING
  }
}
