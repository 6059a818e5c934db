package io.tidegate.engine.mongodb;

import com.mongodb.MongoCommandException;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/** What became of a command that the server answered. */
sealed interface CommandResult {
  /** It took effect in full. */
  record Done() implements CommandResult {}

  /** It took no effect, for certain. */
  record Refused(String reason) implements CommandResult {}

  /** It took effect in part, or nobody can tell. */
  record Uncertain(String reason) implements CommandResult {}

  /**
   * Errors that a server gives up with at any point of a command: network, time limits, killed or
   * interrupted operations, write concern.
   */
  Set<Integer> ANY_POINT =
      Set.of(6, 7, 50, 64, 79, 89, 91, 100, 175, 189, 202, 262, 290, 9001, 11600, 11601, 11602);

  /** Errors found before a command begins: not parsed, not allowed, not known, not the primary. */
  Set<Integer> BEFORE_THE_FIRST = Set.of(9, 13, 59, 10107, 13388, 13435);

  /** Commands that work through documents one by one, and keep what they did when one fails. */
  Set<String> ONE_BY_ONE =
      Set.of("update", "delete", "bulkWrite", "aggregate", "mapReduce", "mapreduce");

  /** Reads the answer to a command that the server calls ok. */
  static CommandResult of(BsonDocument answer) {
    BsonArray errors = answer.getArray("writeErrors", new BsonArray());
    if (!errors.isEmpty()) {
      String reason =
          errors.getFirst().asDocument().getString("errmsg", new BsonString("")).getValue();
      boolean untouched =
          errors.size() == 1
              && answer.getNumber("n", new BsonInt32(0)).longValue() == 0
              && !answer.containsKey("nModified");
      return untouched ? new Refused(reason) : new Uncertain(reason);
    }
    if (answer.containsKey("writeConcernError")) {
      return new Uncertain(
          "the write is not on enough members: "
              + answer
                  .getDocument("writeConcernError")
                  .getString("errmsg", new BsonString(""))
                  .getValue());
    }
    return new Done();
  }

  /** Reads the answer to a command that the server calls failed. */
  static CommandResult of(String command, MongoCommandException failure) {
    String reason = "%s (code %d)".formatted(failure.getErrorMessage(), failure.getErrorCode());
    int code = failure.getErrorCode();
    boolean untouched =
        BEFORE_THE_FIRST.contains(code)
            || !(ANY_POINT.contains(code) || ONE_BY_ONE.contains(command));
    return untouched ? new Refused(reason) : new Uncertain(reason);
  }
}
