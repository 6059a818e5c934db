package io.tidegate.engine.mongodb;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoWriteException;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Updates;
import io.tidegate.engine.mongodb.LeaseOwner.BsonTimes;
import io.tidegate.migration.MigrationListener.LockHolder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * The one document that says who may migrate a database. It is held by renewing it: a holder that
 * does not renew for the lease's length loses it to the next who asks. Each time it is taken its
 * token grows by one, so that a former holder is told from the present one.
 *
 * <p>Time is the server's alone: {@code $currentDate} writes it, and whoever wants to know whether
 * the lease has run out has the same server write the time of asking into the same document. No
 * clock of a client takes part, nor that of a mongos.
 */
final class MongoLease {
  static final String COLLECTION = "tidegate_lease";
  private static final String ID = "migration";
  private static final int DUPLICATE_KEY = 11000;
  private static final BsonDocument BUILD_INFO = new BsonDocument("buildInfo", new BsonInt32(1));

  private final MongoDatabase database;
  private final MongoCollection<BsonDocument> collection;
  private final LeaseOwner owner;
  private final Duration length;

  /**
   * Does nothing on the server yet.
   *
   * @param length how long the lease lasts without being renewed
   */
  MongoLease(MongoDatabase database, LeaseOwner owner, Duration length) {
    this.database = database;
    // A renewal that takes longer than the lease is worth nothing: the operation ends with it.
    this.collection =
        database
            .getCollection(COLLECTION, BsonDocument.class)
            .withWriteConcern(WriteConcern.MAJORITY)
            .withTimeout(Math.max(length.toMillis(), 1000), TimeUnit.MILLISECONDS);
    this.owner = owner;
    this.length = length;
  }

  Duration length() {
    return length;
  }

  LeaseOwner owner() {
    return owner;
  }

  /** The token of the lease if it could be taken; empty if another holds it. */
  Optional<Long> tryTake() {
    Optional<Long> free = taken(Filters.exists("owner", false), false);
    if (free.isPresent()) {
      return free;
    }
    BsonDocument seen =
        collection.findOneAndUpdate(
            Filters.eq("_id", ID),
            Updates.currentDate("askedAt"),
            new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER));
    if (seen == null) {
      return first();
    }
    // Whoever renewed or took it since was asked for has changed what the filter names.
    BsonDocument unchanged =
        allOf(Filters.eq("token", seen.get("token")), Filters.eq("beat", seen.get("beat")));
    if (expired(seen)) {
      return taken(unchanged, false);
    }
    if (renewedInTheFuture(seen)) {
      collection.updateOne(
          allOf(Filters.eq("_id", ID), unchanged), Updates.currentDate("renewedAt"));
    }
    return Optional.empty();
  }

  /** The server's clock was set back: then its length is counted from when that is seen. */
  private static boolean renewedInTheFuture(BsonDocument lease) {
    Instant asked = BsonTimes.instant(lease, "askedAt");
    Instant renewed = BsonTimes.instant(lease, "renewedAt");
    return asked != null && renewed != null && renewed.isAfter(asked);
  }

  /** Nobody has ever taken it: of those who insert it at once, all but one find it there. */
  private Optional<Long> first() {
    try {
      return taken(Filters.exists("owner", false), true);
    } catch (MongoCommandException | MongoWriteException e) {
      if (e.getCode() != DUPLICATE_KEY) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private Optional<Long> taken(Bson condition, boolean upsert) {
    BsonDocument lease =
        collection.findOneAndUpdate(
            allOf(Filters.eq("_id", ID), condition),
            Updates.combine(
                Updates.inc("token", 1L),
                Updates.inc("beat", 1L),
                Updates.set("owner", owner.toBson()),
                Updates.set("leaseMillis", length.toMillis()),
                Updates.unset("work"),
                Updates.currentDate("acquiredAt"),
                Updates.currentDate("renewedAt")),
            new FindOneAndUpdateOptions().upsert(upsert).returnDocument(ReturnDocument.AFTER));
    return Optional.ofNullable(lease).map(document -> document.getNumber("token").longValue());
  }

  private static boolean expired(BsonDocument lease) {
    Instant asked = BsonTimes.instant(lease, "askedAt");
    Instant renewed = BsonTimes.instant(lease, "renewedAt");
    long millis = lease.getNumber("leaseMillis", new BsonInt64(0)).longValue();
    return asked == null || renewed == null || renewed.plusMillis(millis).isBefore(asked);
  }

  /**
   * Makes the lease last its full length again.
   *
   * @param work what its holder does now, for those who wait; null: as it was
   * @return false if it is no longer held with this token
   */
  boolean renew(long token, @Nullable String work) {
    Bson time = Updates.combine(Updates.inc("beat", 1L), Updates.currentDate("renewedAt"));
    return collection
            .updateOne(
                mine(token), work == null ? time : Updates.combine(time, Updates.set("work", work)))
            .getMatchedCount()
        == 1;
  }

  /** Gives it up; nothing happens if it is another's by now. The token stays. */
  void release(long token) {
    collection.updateOne(
        mine(token), Updates.combine(Updates.unset("owner"), Updates.unset("work")));
  }

  private Bson mine(long token) {
    return allOf(
        Filters.eq("_id", ID), Filters.eq("token", token), Filters.eq("owner.id", owner.id()));
  }

  /**
   * One flat filter of conditions on different fields. Not every server that speaks MongoDB's protocol
   * looks into {@code $and} for the {@code _id} of a document that an upsert makes.
   */
  static BsonDocument allOf(Bson... conditions) {
    BsonDocument all = new BsonDocument();
    for (Bson condition : conditions) {
      all.putAll(condition.toBsonDocument());
    }
    return all;
  }

  /**
   * The name of the server if it cannot hold a lease; null: it can, as far as is known. FerretDB 1
   * reads a document, changes it and writes it back, so that of several who take the lease at once more
   * than one gets it.
   */
  @Nullable String serverWithoutAtomicUpdates() {
    BsonDocument build = database.runCommand(BUILD_INFO, BsonDocument.class);
    return build.containsKey("ferretdbVersion")
        ? "FerretDB 1 (%s)".formatted(build.getString("ferretdbVersion").getValue())
        : null;
  }

  /** Who holds it, whether it has run out or not; null: nobody. Changes nothing. */
  @Nullable LockHolder holder() {
    BsonDocument lease = collection.find(Filters.eq("_id", ID)).first();
    return lease == null || !lease.containsKey("owner") ? null : LeaseOwner.holderOf(lease);
  }

  /** Another has taken the lease: nothing may be changed any more. */
  static final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeaseLostException() {
      super("the migration lease was lost");
    }
  }
}
