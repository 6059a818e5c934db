package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes to MongoDB that a failover takes back. */
final class MongoWriteConcern implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "mongodb-write-concern",
          Severity.WARNING,
          "Writes to a MongoDB that is no cache are acknowledged by less than a" + " majority",
          "A write that was acknowledged is rolled back, and so lost, when the primary"
              + " fails before a majority has it; with w=0 the app never learns of any failed"
              + " write",
          "Set w=majority in the URL, or as the default with setDefaultRWConcern",
          URI.create("https://www.mongodb.com/docs/manual/reference/write-concern/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return LiveTarget.kept(evidence, TargetKind::isMongo)
        .flatMap(live -> finding(live).stream())
        .toList();
  }

  private static Optional<Finding> finding(LiveTarget live) {
    Optional<String> url = inUrl(live.target());
    if (url.isPresent()) {
      return evaluate(live, url.get(), "the URL has w=" + url.get());
    }
    if (MongoDeployment.isStandalone(live)) {
      return Optional.empty();
    }
    return live.evaluate(
        "defaultWriteConcern",
        CARD,
        "the default write concern",
        // Before 5.0 none means w: 1; later servers always have one.
        w ->
            w.isEmpty()
                ? evaluate(
                    live, "1", "neither the URL nor the server has a default, which means w: 1")
                : evaluate(live, w, "the server's default write concern is w: " + w));
  }

  /** Names of options in a URL may be written in any case. */
  private static Optional<String> inUrl(Target target) {
    return target.url().parameters().entrySet().stream()
        .filter(parameter -> parameter.getKey().equalsIgnoreCase("w"))
        .map(Map.Entry::getValue)
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  private static Optional<Finding> evaluate(LiveTarget live, String w, String seen) {
    if (w.equals("majority")) {
      return Optional.empty();
    }
    if (!w.matches("[0-9]{1,4}")) {
      return Optional.of(
          live.unknown(CARD, "whether a majority acknowledges", seen + ", a name of its own"));
    }
    int acknowledging = Integer.parseInt(w);
    if (acknowledging > 0 && MongoDeployment.isStandalone(live)) {
      return Optional.empty();
    }
    int members = members(live);
    return acknowledging > 0 && members > 0 && acknowledging > members / 2
        ? Optional.empty()
        : Optional.of(
            live.finding(
                CARD,
                Severity.WARNING,
                members == 0 ? seen : "%s; members of the set: %d".formatted(seen, members)));
  }

  /** Zero: not known, as behind mongos. */
  private static int members(LiveTarget live) {
    return live.fact("members") instanceof Fact.Known(String count) && count.matches("[0-9]{1,4}")
        ? Integer.parseInt(count)
        : 0;
  }
}
