package io.tidegate.engine.mongodb;

import io.tidegate.migration.MigrationListener.LockHolder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.UUID;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * Who takes a lease.
 *
 * @param host the name of the machine or pod
 * @param pid the process there
 * @param id unlike any other run's, also of the same process
 */
record LeaseOwner(String host, long pid, String id) {

  /** A new owner in this process. */
  static LeaseOwner create() {
    return new LeaseOwner(hostName(), ProcessHandle.current().pid(), UUID.randomUUID().toString());
  }

  private static String hostName() {
    String name = System.getenv("HOSTNAME");
    if (name != null && !name.isBlank()) {
      return name;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown host";
    }
  }

  BsonDocument toBson() {
    return new BsonDocument("host", new BsonString(host))
        .append("pid", new BsonInt64(pid))
        .append("id", new BsonString(id));
  }

  /** Who holds the lease that this document describes, for people. */
  static LockHolder holderOf(BsonDocument lease) {
    BsonDocument owner = lease.getDocument("owner", new BsonDocument());
    String who =
        "host %s, process %d"
            .formatted(
                owner.getString("host", new BsonString("unknown")).getValue(),
                owner.getInt64("pid", new BsonInt64(0)).getValue());
    return new LockHolder(
        who,
        BsonTimes.instant(lease, "acquiredAt"),
        lease.containsKey("work") ? lease.getString("work").getValue() : null);
  }

  @Override
  public String toString() {
    return "host %s, process %d".formatted(host, pid);
  }

  /** Reads instants out of documents. */
  static final class BsonTimes {
    private BsonTimes() {}

    /** The instant in that field; null where there is none. */
    static @Nullable Instant instant(BsonDocument document, String field) {
      return document.get(field) instanceof BsonDateTime time
          ? Instant.ofEpochMilli(time.getValue())
          : null;
    }
  }
}
