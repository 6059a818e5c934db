package io.tidegate.engine.mongodb;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.util.Locale;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * Which commands a changelog may not hold: those that act on the server rather than on the
 * database, that would leave the connection in another state, or that touch Tidegate's own
 * collections.
 */
final class CommandRules {
  private static final Set<String> SERVER =
      Set.of(
          "shutdown",
          "fsync",
          "fsyncunlock",
          "eval",
          "$eval",
          "setparameter",
          "configurefailpoint",
          "setfeaturecompatibilityversion",
          "setdefaultrwconcern",
          "logrotate",
          "rotatecertificates",
          "killop",
          "killsessions",
          "killallsessions",
          "killallsessionsbypattern",
          "addshard",
          "removeshard",
          "balancerstart",
          "balancerstop",
          "clone",
          "copydb",
          "applyops",
          "godinsert",
          "sleep");

  private static final Set<String> CONNECTION =
      Set.of(
          "authenticate",
          "logout",
          "saslstart",
          "saslcontinue",
          "getmore",
          "killcursors",
          "startsession",
          "endsessions",
          "refreshsessions",
          "aborttransaction",
          "committransaction");

  /** They would send it elsewhere, or into a session that is not there. */
  private static final Set<String> FIELDS =
      Set.of("lsid", "txnNumber", "autocommit", "startTransaction", "stmtId", "stmtIds");

  private CommandRules() {}

  /**
   * Checks one command.
   *
   * @param where its place, for the problem
   * @throws ProblemException with exit 65 if it is refused
   */
  static void check(BsonDocument command, String where) {
    if (command.isEmpty()) {
      throw refused(where, "the command is empty", "Write the command's name as its first key");
    }
    String name = command.getFirstKey();
    String lower = name.toLowerCase(Locale.ROOT);
    if (SERVER.contains(lower) || lower.startsWith("replset")) {
      throw refused(
          where,
          name + " acts on the server, not on the database, and is refused in a changelog",
          "Run it by hand as an administrator");
    }
    if (CONNECTION.contains(lower)) {
      throw refused(
          where,
          name + " changes the state of the connection and is refused in a changelog",
          "Leave it out");
    }
    if (lower.equals("dropdatabase")) {
      throw refused(
          where,
          name + " would delete the journal of migrations too and is refused in a changelog",
          "Drop the collections one by one");
    }
    for (String key : command.keySet()) {
      if (FIELDS.contains(key) || (key.startsWith("$") && !key.equals(name))) {
        throw refused(
            where, "the field %s of %s is refused".formatted(key, name), "Leave the field out");
      }
    }
    checkCollection(command, name, where);
  }

  private static void checkCollection(BsonDocument command, String name, String where) {
    BsonValue collection = command.get(name);
    if (collection == null || !collection.isString()) {
      return;
    }
    String text = collection.asString().getValue();
    String bare = text.substring(text.indexOf('.') + 1);
    if (bare.equals(MigrationJournal.COLLECTION) || bare.equals(MongoLease.COLLECTION)) {
      throw refused(
          where,
          "%s on %s, which Tidegate keeps its own records in, is refused".formatted(name, text),
          "Use another collection; interrupted changesets are settled with tidegate resolve");
    }
  }

  private static ProblemException refused(String where, String what, String remedy) {
    return new ProblemException(new Problem(ExitCode.CHANGELOG, what, where, remedy));
  }
}
