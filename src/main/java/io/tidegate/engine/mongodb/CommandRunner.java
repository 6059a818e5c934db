package io.tidegate.engine.mongodb;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoDatabase;
import io.tidegate.engine.mongodb.MongoLease.LeaseLostException;
import org.bson.BsonArray;
import org.bson.BsonDocument;
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
}
