package io.tidegate.manifest.rules;

import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.policy.sqlite.Detection;
import io.tidegate.policy.sqlite.SqliteSpelling;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An app that keeps its data in a SQLite file and may run more than once. */
final class SqliteReplicasInFiles implements FileRule {
  private static final RuleCard CARD =
      new RuleCard(
          "sqlite-replicas",
          Severity.ERROR,
          "SQLite with more than one replica",
          "Each replica writes to a file of its own, or several write to one file over a network:"
              + " data goes missing or is destroyed",
          "Run one replica, or move the data to a database server",
          URI.create("https://www.sqlite.org/whentouse.html"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<FileFinding> evaluate(Stack stack) {
    List<FileFinding> findings = new ArrayList<>();
    SqliteFiles files = new SqliteFiles();
    for (Container container : stack.containers()) {
      if (container.replicas().several() || surges(container)) {
        Map<String, Variable> known = new LinkedHashMap<>();
        Map<String, String> settings = new LinkedHashMap<>();
        for (Variable variable : container.environment()) {
          String value = variable.known();
          if (!value.isEmpty()) {
            known.put(variable.name(), variable);
            settings.put(variable.name(), value);
          }
        }
        SqliteSpelling.in(settings)
            .forEach((name, detection) -> {
              Variable variable = known.get(name);
              if (variable != null) {
                findings.add(finding(container, name, variable.place(), detection));
              }
            });
        for (SqliteFiles.Seen seen : files.in(container)) {
          findings.add(finding(container, seen.what(), seen.place(), seen.detection()));
        }
      }
    }
    return findings;
  }

  /** A rolling update starts the new pod before the old one has ended. */
  private static boolean surges(Container container) {
    return container.life() == Container.Life.SERVES && !container.storage().recreates();
  }

  private static FileFinding finding(
      Container container, String what, Place place, Detection detection) {
    boolean sure = detection.certainty() == Detection.Certainty.SURE;
    boolean several = container.replicas().several();
    return FileFinding.about(
        container,
        CARD,
        sure && several ? Severity.ERROR : Severity.WARNING,
        place,
        "%s is %s; %s"
            .formatted(
                what,
                detection.describe(),
                several
                    ? container.replicas().evidence()
                    : "a rolling update runs two for a while: set strategy Recreate"));
  }
}
