package io.tidegate.engine.mongodb;

import com.mongodb.MongoException;
import io.tidegate.engine.Fact;
import io.tidegate.engine.Facts;
import io.tidegate.engine.ProbeMode;
import io.tidegate.engine.ProbeResult;
import io.tidegate.engine.Role;
import io.tidegate.engine.Target;
import io.tidegate.secret.Redactor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** Asks a server for its version and its replica set. */
final class MongoFacts {
  private MongoFacts() {}

  static Facts ask(Target target, Duration timeout) {
    Map<String, Fact> facts = new HashMap<>();
    try (ProbeClient client = new ProbeClient(target, ProbeMode.AWAIT, timeout.dividedBy(2))) {
      put(facts, client, "buildInfo", "version", "version");
      put(facts, client, "hello", "setName", "setName");
    } catch (MongoException | IllegalArgumentException | SSLException e) {
      String reason =
          switch (MongoFaults.of(e, target.url().toString())) {
            case ProbeResult.Ready ready -> ready.detail();
            case ProbeResult.NotYet notYet -> notYet.sentence();
            case ProbeResult.Wrong wrong -> wrong.sentence();
          };
      facts.putIfAbsent("version", new Fact.Unknown(reason));
      facts.putIfAbsent("setName", new Fact.Unknown(reason));
    }
    return new Facts(facts);
  }

  private static void put(
      Map<String, Fact> facts, ProbeClient client, String command, String field, String name) {
    Fact fact;
    try {
      BsonDocument reply = client.run("admin", Question.command(command), Role.ANY);
      fact = new Fact.Known(reply.getString(field, new BsonString("")).getValue());
    } catch (com.mongodb.MongoCommandException e) {
      fact = new Fact.Unknown(Redactor.redact(e.getErrorMessage()));
    }
    facts.put(name, fact);
  }
}
