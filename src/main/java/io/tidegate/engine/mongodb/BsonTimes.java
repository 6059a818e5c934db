package io.tidegate.engine.mongodb;

import java.time.Instant;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/** Reads instants out of documents. */
final class BsonTimes {
  private BsonTimes() {}

  /** The instant in that field; null where there is none. */
  static @Nullable Instant instant(BsonDocument document, String field) {
    return document.get(field) instanceof BsonDateTime time
        ? Instant.ofEpochMilli(time.getValue())
        : null;
  }
}
