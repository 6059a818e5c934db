package io.tidegate.manifest.rules;

import io.tidegate.manifest.rules.FileRule.Findings;
import io.tidegate.manifest.rules.SqliteFiles.ConfiguredSqlite;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.Severity;
import io.tidegate.policy.SharedCards;
import io.tidegate.policy.sqlite.SqliteDetector.Detection;
import java.util.List;

/** An app that keeps its data in a SQLite file and may run more than once. */
final class SqliteFileRules {
  static final List<FileRule> ALL =
      List.of(new FileRule(SharedCards.SQLITE_REPLICAS, SqliteFileRules::replicas));

  private SqliteFileRules() {}

  private static void replicas(Stack stack, Findings findings) {
    SqliteFiles files = new SqliteFiles();
    for (Container container : stack.containers()) {
      if (container.replicas().several() || surges(container)) {
        files.in(container).forEach(found -> add(container, found, findings));
      }
    }
  }

  /** A rolling update starts the new pod before the old one has ended. */
  private static boolean surges(Container container) {
    return container.life() == Container.Life.SERVES && !container.storage().recreates();
  }

  private static void add(Container container, ConfiguredSqlite found, Findings findings) {
    boolean sure = found.detection().certainty() == Detection.Certainty.SURE;
    boolean several = container.replicas().several();
    findings.add(
        container,
        sure && several ? Severity.ERROR : Severity.WARNING,
        found.location(),
        "%s is %s; %s"
            .formatted(
                found.setting(),
                found.detection().describe(),
                several
                    ? container.replicas().evidence()
                    : "a rolling update runs two for a while: set "
                        + (container.platform() == Platform.ECS
                            ? "maximumPercent to 100"
                            : "strategy Recreate")));
  }
}
