package io.tidegate.engine.mongodb;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Reads facts out of MongoDB's replies. A field that a server leaves out where it has nothing to say
 * is an empty text.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/reference/command/">MongoDB: commands</a>
 */
final class MongoReplies {
  private MongoReplies() {}

  static Map<String, String> build(BsonDocument reply) {
    String version = text(reply.get("version"));
    return version.isEmpty() ? Map.of() : Map.of("version", version);
  }

  /** The members are those that vote, as far as clients are told of them: hidden ones are not seen. */
  static Map<String, String> hello(BsonDocument reply) {
    int members =
        List.of("hosts", "passives", "arbiters").stream()
            .mapToInt(name -> array(reply, name).size())
            .sum();
    Map<String, String> told = new HashMap<>();
    told.put("setName", text(reply.get("setName")));
    told.put("msg", text(reply.get("msg")));
    told.put("members", Integer.toString(members));
    String older = text(reply.get("ismaster"));
    String writable = text(reply.get("isWritablePrimary"));
    if (!writable.isEmpty() || !older.isEmpty()) {
      told.put("isWritablePrimary", writable.isEmpty() ? older : writable);
    }
    return told;
  }

  /** The {@code w} of it, a word or a number. */
  static Map<String, String> writeConcern(BsonDocument reply) {
    return Map.of("defaultWriteConcern", text(document(reply, "defaultWriteConcern").get("w")));
  }

  static Map<String, String> options(BsonDocument reply) {
    if (!reply.containsKey("parsed")) {
      return Map.of();
    }
    BsonDocument storage = document(document(reply, "parsed"), "storage");
    Map<String, String> told = new HashMap<>();
    told.put("storage.engine", text(storage.get("engine")));
    told.put("storage.journal.enabled", text(document(storage, "journal").get("enabled")));
    return told;
  }

  /** {@code role@database}, with commas. */
  static Map<String, String> roles(BsonDocument reply) {
    BsonDocument info = document(reply, "authInfo");
    if (!info.containsKey("authenticatedUserRoles")) {
      return Map.of();
    }
    return Map.of(
        "authenticatedUserRoles",
        array(info, "authenticatedUserRoles").stream()
            .filter(BsonValue::isDocument)
            .map(BsonValue::asDocument)
            .map(role -> text(role.get("role")) + "@" + text(role.get("db")))
            .sorted()
            .collect(Collectors.joining(", ")));
  }

  private static BsonDocument document(BsonDocument in, String name) {
    BsonValue value = in.get(name);
    return value != null && value.isDocument() ? value.asDocument() : new BsonDocument();
  }

  private static BsonArray array(BsonDocument in, String name) {
    BsonValue value = in.get(name);
    return value != null && value.isArray() ? value.asArray() : new BsonArray();
  }

  private static String text(@Nullable BsonValue value) {
    if (value == null) {
      return "";
    }
    return switch (value.getBsonType()) {
      case STRING -> value.asString().getValue();
      case BOOLEAN -> Boolean.toString(value.asBoolean().getValue());
      case INT32, INT64, DOUBLE -> Long.toString(value.asNumber().longValue());
      default -> "";
    };
  }
}
