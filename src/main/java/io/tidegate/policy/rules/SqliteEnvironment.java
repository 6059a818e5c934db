package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.policy.sqlite.Detection;
import io.tidegate.policy.sqlite.SqliteSpelling;
import io.tidegate.target.Target;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** SQLite in the spelling of any framework, in any variable that Tidegate sees. */
final class SqliteEnvironment implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "sqlite-environment",
          Severity.ERROR,
          "An environment variable names SQLite while more than one replica runs",
          "The app keeps data in a file of each replica: what one replica writes the others never"
              + " see, and it is gone when the container is replaced",
          "Point the variable at a database server, or remove it where the app does not use it",
          URI.create("https://www.sqlite.org/whentouse.html"));

  /** The variables when they were last looked at, and what they name: they are judged again and again, and stay the same. */
  private record Looked(Map<String, String> environment, SortedMap<String, Detection> detections) {}

  private volatile @Nullable Looked last;

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    // Of a variable that declares a target sqlite-replicas speaks; of Tidegate's own others (the
    // reason of an acceptance) nobody.
    Set<String> origins =
        evidence.targets().stream().map(Target::origin).collect(Collectors.toSet());
    List<Finding> findings = new ArrayList<>();
    detections(evidence.environment())
        .forEach((variable, seen) -> {
          if (!origins.contains(variable) && !variable.startsWith("TIDEGATE_")) {
            findings.add(
                new Finding(
                    CARD,
                    SqliteSeverity.of(seen, evidence),
                    variable,
                    "`%s` is %s; %s"
                        .formatted(variable, seen.describe(), evidence.replicasInWords())));
          }
        });
    return findings;
  }

  private SortedMap<String, Detection> detections(Map<String, String> environment) {
    Looked looked = last;
    if (looked == null || !looked.environment().equals(environment)) {
      looked = new Looked(environment, SqliteSpelling.in(environment));
      last = looked;
    }
    return looked.detections();
  }
}
