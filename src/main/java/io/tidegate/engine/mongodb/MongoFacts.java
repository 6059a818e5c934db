package io.tidegate.engine.mongodb;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import io.tidegate.secret.Redactor;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.bson.BsonDocument;

/** Asks a server for its version, its replica set, its durability and the user's roles. */
final class MongoFacts {
  private static final Role ROLE = Role.ANY;

  private MongoFacts() {}

  /** One command on the database {@code admin}, and the facts that its reply tells. */
  private record Inquiry(String command, List<String> names, Reading reading) {
    /** Takes facts out of a reply. */
    interface Reading {
      Map<String, String> read(BsonDocument reply);
    }
  }

  private static final List<Inquiry> INQUIRIES =
      List.of(
          new Inquiry("buildInfo", List.of("version"), MongoReplies::build),
          new Inquiry(
              "hello",
              List.of("setName", "msg", "members", "isWritablePrimary"),
              MongoReplies::hello),
          new Inquiry(
              "getDefaultRWConcern", List.of("defaultWriteConcern"), MongoReplies::writeConcern),
          new Inquiry(
              "getCmdLineOpts",
              List.of("storage.engine", "storage.journal.enabled"),
              MongoReplies::options),
          new Inquiry("connectionStatus", List.of("authenticatedUserRoles"), MongoReplies::roles));

  /** What was told in time is known, of the rest why not. */
  static Facts ask(Target target, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    Map<String, Fact> facts = new HashMap<>();
    String reason = "the time to ask was over";
    // As in watch, one connection serves all: a login costs more than its question.
    try (ProbeClient client =
        new ProbeClient(target, ProbeMode.WATCH, timeout.dividedBy(2), () -> false)) {
      for (Inquiry inquiry : INQUIRIES) {
        if (System.nanoTime() < end) {
          ask(client, inquiry, facts);
        }
      }
    } catch (MongoException | IllegalArgumentException | SSLException e) {
      reason = MongoFaults.of(e, target.url().toString()).sentence();
    }
    Fact unknown = new Fact.Unknown(reason);
    INQUIRIES.forEach(inquiry -> inquiry.names().forEach(name -> facts.putIfAbsent(name, unknown)));
    return new Facts(facts);
  }

  private static void ask(ProbeClient client, Inquiry inquiry, Map<String, Fact> facts) {
    Map<String, String> told = Map.of();
    Fact silence = new Fact.Unknown(inquiry.command() + " does not tell it");
    try {
      BsonDocument reply =
          inquiry.command().equals("hello")
              ? ReadinessCommand.hello(client, ROLE)
              : client.run("admin", ReadinessCommand.command(inquiry.command()), ROLE);
      told = inquiry.reading().read(reply);
    } catch (MongoCommandException e) {
      silence = new Fact.Unknown(Redactor.redact(e.getErrorMessage()));
    }
    for (String name : inquiry.names()) {
      String value = told.get(name);
      facts.put(name, value == null ? silence : new Fact.Known(value));
    }
  }
}
