package io.tidegate.engine.mongodb;

import com.mongodb.MongoWriteException;
import com.mongodb.ReadConcern;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.util.HashMap;
import java.util.Map;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * What was applied, and what is being applied. A command is written down as sent before it is sent
 * and as done after it; what is found sent and not done was interrupted. Each write names the
 * token of its writer's lease and changes nothing where another has written since.
 *
 * <p>Written with write concern majority: what is known as sent cannot be rolled back by an
 * election, and neither can the commands before it, which come earlier in the same oplog.
 */
final class MigrationJournal {
  static final String COLLECTION = "tidegate_journal";
  private static final int DUPLICATE_KEY = 11000;
  private static final int READ_BATCH = 10_000;

  private final MongoCollection<BsonDocument> collection;

  /** Does nothing on the server yet. */
  MigrationJournal(MongoDatabase database) {
    this.collection =
        database
            .getCollection(COLLECTION, BsonDocument.class)
            .withReadConcern(ReadConcern.MAJORITY)
            .withWriteConcern(WriteConcern.MAJORITY);
  }

  /** All entries by id, in one query. */
  Map<String, JournalEntry> read() {
    Map<String, JournalEntry> entries = new HashMap<>();
    try (MongoCursor<BsonDocument> cursor =
        collection
            .find()
            .projection(Projections.exclude("resolutions", "error"))
            .batchSize(READ_BATCH)
            .iterator()) {
      while (cursor.hasNext()) {
        JournalEntry entry = JournalEntry.of(cursor.next());
        entries.put(entry.id(), entry);
      }
    }
    return entries;
  }

  /** One entry; null: none. */
  @Nullable JournalEntry read(String id) {
    BsonDocument document = collection.find(Filters.eq("_id", id)).first();
    return document == null ? null : JournalEntry.of(document);
  }

  /**
   * Opens an entry for a changeset, with its first command as sent.
   *
   * @return false if there is one already
   */
  boolean begin(CommandFile file, long token, LeaseOwner owner) {
    try {
      // An upsert rather than an insert, since only an update can take the server's time. The
      // state is never absent, so it never matches an entry that exists.
      collection.updateOne(
          MongoLease.allOf(Filters.eq("_id", file.name()), Filters.exists("state", false)),
          Updates.combine(
              Updates.set("state", JournalEntry.RUNNING),
              whole(file),
              Updates.set("done", 0),
              Updates.set("doneChecksum", file.checksum(0)),
              Updates.set("sent", 0),
              Updates.set("sentChecksum", file.checksum(1)),
              Updates.set("command", file.commandName(0)),
              Updates.set("token", token),
              Updates.set("by", owner.toString()),
              Updates.currentDate("startedAt")),
          new UpdateOptions().upsert(true));
      return true;
    } catch (MongoWriteException e) {
      if (e.getCode() != DUPLICATE_KEY) {
        throw e;
      }
      return false;
    }
  }

  /**
   * Takes over an entry between two commands, so that its former writer can write no more.
   *
   * @return false if it has changed since it was read
   */
  boolean adopt(JournalEntry entry, CommandFile file, long token, LeaseOwner owner) {
    return changed(
        MongoLease.allOf(
            between(entry.id(), entry.token(), entry.done()), Filters.ne("state", "applied")),
        Updates.combine(
            whole(file), Updates.set("token", token), Updates.set("by", owner.toString())));
  }

  /** Writes down that a command will be sent; false if another has taken the entry over. */
  boolean sending(CommandFile file, long token, int index) {
    return changed(
        between(file.name(), token, index),
        Updates.combine(
            Updates.set("sent", index),
            Updates.set("sentChecksum", file.checksum(index + 1)),
            Updates.set("command", file.commandName(index))));
  }

  /** Writes down that a command took effect; false if somebody has resolved it meanwhile. */
  boolean done(CommandFile file, long token, int index) {
    return finished(
        MongoLease.allOf(Filters.eq("token", token), Filters.eq("sent", index)),
        file.name(),
        index + 1,
        file.checksum(index + 1),
        index + 1 >= file.size(),
        null);
  }

  /** Writes down that a changeset needs no further command. */
  boolean complete(CommandFile file, long token) {
    return finished(
        Filters.eq("token", token), file.name(), file.size(), file.checksum(), true, null);
  }

  /** Writes down that a command that was to be sent took no effect for certain. */
  boolean notDone(String id, long token, int index) {
    return changed(
        MongoLease.allOf(
            Filters.eq("_id", id), Filters.eq("token", token), Filters.eq("sent", index)),
        Updates.combine(Updates.unset("sent"), Updates.unset("sentChecksum")));
  }

  /** Writes down what a person found out; false if the entry has changed since it was read. */
  boolean resolve(
      JournalEntry entry, boolean applied, String reason, long token, LeaseOwner owner) {
    BsonDocument resolution =
        new BsonDocument("command", new BsonString(entry.uncertainCommand()))
            .append("tookEffect", org.bson.BsonBoolean.valueOf(applied))
            .append("reason", new BsonString(reason))
            .append("by", new BsonString(owner.toString()));
    Bson record =
        Updates.combine(Updates.push("resolutions", resolution), Updates.set("token", token));
    Bson same =
        MongoLease.allOf(Filters.eq("token", entry.token()), Filters.eq("sent", entry.sent()));
    if (!applied) {
      return changed(
          MongoLease.allOf(Filters.eq("_id", entry.id()), same),
          Updates.combine(Updates.unset("sent"), Updates.unset("sentChecksum"), record));
    }
    BsonDocument document = collection.find(Filters.eq("_id", entry.id())).first();
    String checksum =
        document == null ? "" : document.getString("sentChecksum", new BsonString("")).getValue();
    return finished(
        same, entry.id(), entry.sent() + 1, checksum, entry.sent() + 1 >= entry.commands(), record);
  }

  private boolean finished(
      Bson condition, String id, int done, String checksum, boolean last, @Nullable Bson more) {
    Bson progress =
        Updates.combine(
            Updates.set("done", done),
            Updates.set("doneChecksum", checksum),
            Updates.unset("sent"),
            Updates.unset("sentChecksum"));
    if (more != null) {
      progress = Updates.combine(progress, more);
    }
    if (last) {
      progress =
          Updates.combine(
              progress,
              Updates.set("state", JournalEntry.APPLIED),
              Updates.unset("command"),
              Updates.currentDate("finishedAt"));
    }
    return changed(MongoLease.allOf(Filters.eq("_id", id), condition), progress);
  }

  private static Bson whole(CommandFile file) {
    return Updates.combine(
        Updates.set("checksum", file.checksum()),
        Updates.set("source", file.source()),
        Updates.set("commands", file.size()));
  }

  private static Bson between(String id, long token, int done) {
    return MongoLease.allOf(
        Filters.eq("_id", id),
        Filters.eq("token", token),
        Filters.eq("done", done),
        Filters.exists("sent", false));
  }

  private boolean changed(Bson filter, Bson update) {
    return collection.updateOne(filter, update).getMatchedCount() == 1;
  }
}
