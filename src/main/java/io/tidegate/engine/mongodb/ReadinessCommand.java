package io.tidegate.engine.mongodb;

import com.mongodb.MongoCommandException;
import io.tidegate.engine.mongodb.MongoConnector.MongoUrl;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Role;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.json.JsonParseException;
import org.jspecify.annotations.Nullable;

/**
 * What a server is asked: who it is, then to read one document, or the user's own command.
 *
 * @param own the user's command; null: none
 */
record ReadinessCommand(@Nullable BsonDocument own) {
  /** Whether it exists does not matter: the user must be logged in and the storage must read. */
  private static final String COLLECTION = "tidegate";

  private static final int NO_SUCH_COMMAND = 59;

  /**
   * Reads the target's readiness query.
   *
   * @throws ProblemException if it is no command document
   */
  static ReadinessCommand of(Target target) {
    String query = target.readinessQuery();
    if (query == null) {
      return new ReadinessCommand(null);
    }
    try {
      BsonDocument command = BsonDocument.parse(query);
      if (!command.isEmpty()) {
        return new ReadinessCommand(command);
      }
      throw new JsonParseException("an empty document");
    } catch (JsonParseException e) {
      throw new ProblemException(
          ExitCode.REFUSED,
          "the readiness query is not one document of Extended JSON",
          "%s (%s)".formatted(target.name(), target.origin()),
          "Write one database command, as in {\"find\": \"orders\", \"limit\": 1}",
          e);
    }
  }

  ProbeResult ask(ProbeClient client, Target target) {
    BsonDocument hello = hello(client, target.role());
    String at = target.url().toString();
    Optional<ProbeResult> standing =
        ReplicaSetRole.of(hello, target.role(), client.replicaSet(), at);
    if (standing.isPresent()) {
      return standing.get();
    }
    String database = MongoUrl.database(target);
    if (own != null) {
      BsonDocument answer = client.run(database, own, target.role());
      if (!found(answer)) {
        return new NotYet(Reason.QUERY, "the readiness query found nothing in " + at);
      }
    } else {
      BsonDocument find =
          new BsonDocument("find", new BsonString(COLLECTION))
              .append("limit", new BsonInt32(1))
              .append("singleBatch", org.bson.BsonBoolean.TRUE);
      client.run(database, find, target.role());
    }
    int wire = hello.getNumber("maxWireVersion", new BsonInt32(0)).intValue();
    return wire < 8
        ? new Wrong(Reason.UNSUITABLE, at + " is older than MongoDB 4.2")
        : new Ready("MongoDB, " + (isPrimary(hello) ? "primary" : "secondary"));
  }

  /** Servers before 4.4.2, and some that speak the protocol only, know it by its older name. */
  static BsonDocument hello(ProbeClient client, Role role) {
    try {
      return client.run("admin", command("hello"), role);
    } catch (MongoCommandException e) {
      if (e.getErrorCode() != NO_SUCH_COMMAND) {
        throw e;
      }
      return client.run("admin", command("isMaster"), role);
    }
  }

  private static boolean isPrimary(BsonDocument hello) {
    return hello.getBoolean("isWritablePrimary", org.bson.BsonBoolean.FALSE).getValue()
        || hello.getBoolean("ismaster", org.bson.BsonBoolean.FALSE).getValue();
  }

  /** A cursor must hold a document, a count must be more than zero; other replies are enough. */
  private static boolean found(BsonDocument answer) {
    BsonValue cursor = answer.get("cursor");
    if (cursor != null && cursor.isDocument()) {
      BsonValue batch = cursor.asDocument().get("firstBatch");
      return batch != null && batch.isArray() && !batch.asArray().isEmpty();
    }
    BsonValue count = answer.get("n");
    return count == null || !count.isNumber() || count.asNumber().longValue() > 0;
  }

  static BsonDocument command(String name) {
    return new BsonDocument(name, new BsonInt32(1));
  }
}
