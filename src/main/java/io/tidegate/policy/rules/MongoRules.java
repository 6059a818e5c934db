package io.tidegate.policy.rules;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.policy.rules.FactRule.LiveServer;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules over the deployment and the settings of a live MongoDB. */
final class MongoRules {
  private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4}).*");

  private static final Pattern COUNT = Pattern.compile("[0-9]{1,4}");

  /** It keeps no journal. */
  static final FactRule JOURNAL =
      new FactRule(
          new RuleCard(
              "mongodb-journal",
              Severity.WARNING,
              "A MongoDB that is no cache runs without a journal, or in memory",
              "A crash loses every write since the last checkpoint, up to a minute of them;"
                  + " in memory a restart loses all",
              "Take --nojournal or storage.journal.enabled: false out of its configuration,"
                  + " and use the storage engine wiredTiger",
              URI.create("https://www.mongodb.com/docs/manual/core/journaling/")),
          TargetKind.MONGO,
          MongoRules::journal);

  /** One server under an app of several replicas. */
  static final FactRule STANDALONE =
      new FactRule(
          new RuleCard(
              "mongodb-standalone",
              Severity.WARNING,
              "A MongoDB that is no cache is a standalone server while more than one"
                  + " replica runs",
              "When that one server or its disk fails, all replicas stand still and what"
                  + " was written since the last backup is gone; transactions and change streams"
                  + " do not work on it",
              "Run a replica set of three members, or start a single one with --replSet and"
                  + " rs.initiate() so that members can be added",
              URI.create(
                  "https://www.mongodb.com/docs/manual/tutorial/convert-standalone-to-replica-set/")),
          TargetKind.MONGO,
          MongoRules::standalone);

  /** A failover takes its writes back. */
  static final FactRule WRITE_CONCERN =
      new FactRule(
          new RuleCard(
              "mongodb-write-concern",
              Severity.WARNING,
              "Writes to a MongoDB that is no cache are acknowledged by less than a" + " majority",
              "A write that was acknowledged is rolled back, and so lost, when the primary"
                  + " fails before a majority has it; with w=0 the app never learns of any failed"
                  + " write",
              "Set w=majority in the URL, or as the default with setDefaultRWConcern",
              URI.create("https://www.mongodb.com/docs/manual/reference/write-concern/")),
          TargetKind.MONGO,
          MongoRules::writeConcern);

  static final List<Rule> ALL = List.of(JOURNAL, STANDALONE, WRITE_CONCERN);

  private MongoRules() {}

  private static List<Finding> journal(LiveServer server) {
    if (server.has("storage.engine", "inMemory")) {
      return server.warning("storage.engine is inMemory");
    }
    if (server.has("storage.journal.enabled", "false")) {
      return server.warning("storage.journal.enabled is false");
    }
    if (alwaysJournals(server)) {
      return List.of();
    }
    String what = "whether it keeps a journal";
    Optional<ManagedService> managed = server.managed();
    if (managed.isPresent()) {
      return server.unknown(what, "it is " + managed.get().name());
    }
    if (isRouter(server)) {
      return server.unknown(what, "mongos answers in its servers' place");
    }
    // Known, it is enabled, or so by default.
    return server.check("storage.journal.enabled", what, value -> List.of());
  }

  /**
   * Since 6.1 there is no way to turn the journal off: see <a
   * href="https://www.mongodb.com/docs/manual/release-notes/6.1/">the release notes</a>.
   */
  private static boolean alwaysJournals(LiveServer server) {
    if (!(server.fact("version") instanceof Fact.Known(String version))) {
      return false;
    }
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      return false;
    }
    int major = Integer.parseInt(matcher.group(1));
    return major > 6 || (major == 6 && Integer.parseInt(matcher.group(2)) >= 1);
  }

  private static List<Finding> standalone(LiveServer server) {
    if (!server.evidence().scaled() || server.managed().isPresent()) {
      return List.of();
    }
    return server.check(
        "setName",
        "whether it is a standalone server",
        name ->
            name.isEmpty() && !isRouter(server)
                ? server.warning(
                    "hello names no replica set; " + server.evidence().describeReplicas())
                : List.of());
  }

  /** A server that is no member of a set, and no router. False where it is not known. */
  private static boolean isStandalone(LiveServer server) {
    return server.has("setName", "") && !isRouter(server);
  }

  /** Mongos, the router of a sharded cluster, says so in its hello. */
  private static boolean isRouter(LiveServer server) {
    return server.has("msg", "isdbgrid");
  }

  private static List<Finding> writeConcern(LiveServer server) {
    Optional<String> inUrl = writeConcernInUrl(server.target());
    if (inUrl.isPresent()) {
      return writeConcern(server, inUrl.get(), "the URL has w=" + inUrl.get());
    }
    if (isStandalone(server)) {
      return List.of();
    }
    return server.check(
        "defaultWriteConcern",
        "the default write concern",
        // Before 5.0 none means w: 1; later servers always have one.
        w ->
            w.isEmpty()
                ? writeConcern(
                    server, "1", "neither the URL nor the server has a default, which means w: 1")
                : writeConcern(server, w, "the server's default write concern is w: " + w));
  }

  /** Names of options in a URL may be written in any case. */
  private static Optional<String> writeConcernInUrl(Target target) {
    return target.url().parameters().entrySet().stream()
        .filter(parameter -> parameter.getKey().equalsIgnoreCase("w"))
        .map(Map.Entry::getValue)
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  private static List<Finding> writeConcern(LiveServer server, String w, String seen) {
    if (w.equals("majority")) {
      return List.of();
    }
    if (!COUNT.matcher(w).matches()) {
      return server.unknown("whether a majority acknowledges", seen + ", a name of its own");
    }
    int acknowledging = Integer.parseInt(w);
    if (acknowledging > 0 && isStandalone(server)) {
      return List.of();
    }
    int members = members(server);
    return acknowledging > 0 && members > 0 && acknowledging > members / 2
        ? List.of()
        : server.warning(
            members == 0 ? seen : "%s; members of the set: %d".formatted(seen, members));
  }

  /** Zero: not known, as behind mongos. */
  private static int members(LiveServer server) {
    return server.fact("members") instanceof Fact.Known(String count)
            && COUNT.matcher(count).matches()
        ? Integer.parseInt(count)
        : 0;
  }
}
