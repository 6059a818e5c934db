package io.tidegate.engine.mongodb;

import io.tidegate.engine.mongodb.LeaseOwner.BsonTimes;
import java.time.Instant;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * What the journal says of one changeset.
 *
 * @param id its file's name
 * @param applied whether all its commands are done
 * @param checksum over its commands
 * @param source over its file's bytes, so that an untouched file need not be parsed
 * @param commands how many commands it had
 * @param done how many of them are done
 * @param doneChecksum over those that are done
 * @param sent the index of the command that was sent and whose effect is not known; -1: none
 * @param command the name of that command; empty: none
 * @param token the lease's token of its last writer
 * @param by its last writer, for people
 * @param startedAt by the server's clock
 * @param finishedAt by the server's clock; null: not finished
 */
record JournalEntry(
    String id,
    boolean applied,
    String checksum,
    String source,
    int commands,
    int done,
    String doneChecksum,
    int sent,
    String command,
    long token,
    String by,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {

  static final String RUNNING = "running";
  static final String APPLIED = "applied";

  static JournalEntry of(BsonDocument document) {
    return new JournalEntry(
        document.getString("_id").getValue(),
        text(document, "state").equals(APPLIED),
        text(document, "checksum"),
        text(document, "source"),
        number(document, "commands", 0),
        number(document, "done", 0),
        text(document, "doneChecksum"),
        number(document, "sent", -1),
        text(document, "command"),
        document.getNumber("token", new BsonInt64(0)).longValue(),
        text(document, "by"),
        BsonTimes.instant(document, "startedAt"),
        BsonTimes.instant(document, "finishedAt"));
  }

  /** Whether it cannot be known how far it got. */
  boolean uncertain() {
    return sent >= 0;
  }

  /** The command whose effect is not known, for people. */
  String uncertainCommand() {
    return "command %d of %d (%s)".formatted(sent + 1, commands, command);
  }

  private static String text(BsonDocument document, String field) {
    return document.getString(field, new BsonString("")).getValue();
  }

  private static int number(BsonDocument document, String field, int otherwise) {
    return document.getNumber(field, new BsonInt32(otherwise)).intValue();
  }
}
