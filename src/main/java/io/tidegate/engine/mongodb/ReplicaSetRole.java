package io.tidegate.engine.mongodb;

import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.Reason;
import io.tidegate.target.Target.Role;
import java.util.Optional;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of itself in its reply to {@code hello}.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/reference/command/hello/">MongoDB: hello</a>
 */
final class ReplicaSetRole {
  private ReplicaSetRole() {}

  /**
   * Why a server is not what is required; empty: it is.
   *
   * <p>The temporary server of the official image's first start is no member of any replica set, and
   * says that it is a writable primary: the set's name tells it apart.
   */
  static Optional<ProbeResult> of(
      BsonDocument hello, Role role, @Nullable String replicaSet, String at) {
    String member = hello.getString("setName", new BsonString("")).getValue();
    boolean awaitsInitiation = is(hello, "isreplicaset");
    if (awaitsInitiation) {
      return notYet(Reason.STARTING, at + " waits for its replica set to be initiated");
    }
    if (replicaSet != null && !member.equals(replicaSet)) {
      return Optional.of(outside(member, replicaSet, at));
    }
    if (is(hello, "isWritablePrimary") || is(hello, "ismaster")) {
      return Optional.empty();
    }
    if (is(hello, "secondary")) {
      if (role == Role.ANY) {
        return Optional.empty();
      }
      return hello.containsKey("primary")
          ? notYet(Reason.ROLE, at + " is a secondary, and a primary is required")
          : notYet(Reason.STARTING, "the replica set of %s has no primary yet".formatted(at));
    }
    return notYet(
        Reason.STARTING, at + " is neither primary nor secondary: it starts, recovers or decides");
  }

  /** A server that is not in the replica set of the URL; an empty name: in none. */
  static ProbeResult outside(String member, @Nullable String replicaSet, String at) {
    String wanted = replicaSet == null ? "the URL" : "replica set " + replicaSet;
    return member.isEmpty()
        ? new NotYet(Reason.STARTING, "%s is no member of %s yet".formatted(at, wanted))
        : new NotYet(
            Reason.UNSUITABLE,
            "%s is a member of replica set %s, not of %s".formatted(at, member, wanted));
  }

  private static Optional<ProbeResult> notYet(Reason reason, String sentence) {
    return Optional.of(new NotYet(reason, sentence));
  }

  private static boolean is(BsonDocument hello, String name) {
    return hello.getBoolean(name, BsonBoolean.FALSE).getValue();
  }
}
