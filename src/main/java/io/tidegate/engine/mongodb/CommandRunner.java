package io.tidegate.engine.mongodb;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoDatabase;
import io.tidegate.engine.mongodb.MongoLease.LeaseLostException;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/** Sends one command and writes down what became of it. */
final class CommandRunner {
  private final String target;
  private final MongoDatabase database;
  private final MigrationJournal journal;

  CommandRunner(String target, MongoDatabase database, MigrationJournal journal) {
    this.target = target;
    this.database = database;
    this.journal = journal;
  }

  /**
   * Runs a command that the journal has as sent.
   *
   * @throws io.tidegate.problem.ProblemException with exit 65 if it fails
   * @throws com.mongodb.MongoException if its answer did not arrive: it stays as sent
   */
  void run(CommandFile file, int index, long token) {
    String place =
        "target %s, changeset %s, command %d of %d"
            .formatted(target, file.name(), index + 1, file.size());
    switch (send(file.commands().get(index), file.commandName(index))) {
      case CommandResult.Done() -> {
        if (!journal.done(file, token, index)) {
          // It was resolved, by hand, while it ran: that record stands, and nothing more is done.
          throw new LeaseLostException();
        }
      }
      case CommandResult.Refused(String reason) -> {
        journal.notDone(file.name(), token, index);
        throw ServerProblems.refused(place, file.commandName(index), reason);
      }
      case CommandResult.Uncertain(String reason) ->
          throw ServerProblems.uncertain(
              place,
              file.commandName(index),
              reason,
              "Look at what it changed, then run: tidegate resolve %s %s --applied or --not-applied, with --reason"
                  .formatted(target, file.name()));
    }
  }

  private CommandResult send(BsonDocument command, String name) {
    try {
      BsonDocument answer = database.runCommand(command, BsonDocument.class);
      closeCursor(answer);
      return CommandResult.of(answer);
    } catch (MongoCommandException e) {
      return CommandResult.of(name, e);
    }
  }

  /** Nobody reads on: the server need not keep it. */
  private void closeCursor(BsonDocument answer) {
    BsonDocument cursor = answer.getDocument("cursor", new BsonDocument());
    long id = cursor.getNumber("id", new BsonInt64(0)).longValue();
    String namespace = cursor.getString("ns", new BsonString("")).getValue();
    if (id == 0 || namespace.indexOf('.') < 0) {
      return;
    }
    BsonDocument kill =
        new BsonDocument(
                "killCursors", new BsonString(namespace.substring(namespace.indexOf('.') + 1)))
            .append("cursors", new BsonArray(java.util.List.of(new BsonInt64(id))));
    try {
      database.runCommand(kill, BsonDocument.class);
    } catch (MongoCommandException e) {
      // It ends by itself; the command that opened it is done.
      return;
    }
  }

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
}
