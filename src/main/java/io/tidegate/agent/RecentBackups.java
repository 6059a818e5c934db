package io.tidegate.agent;

import io.tidegate.migration.BackupCheck;
import io.tidegate.policy.Evidence;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.rules.RuleCatalog;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.target.EngineCatalog;
import io.tidegate.target.Facts;
import io.tidegate.target.Target;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Looks for the backup that a target declares as the guard's rule about backups does, at this moment. */
public record RecentBackups(EngineCatalog engines, Clock clock) implements BackupCheck {

  @Override
  public List<String> problems(Target target) throws InterruptedException {
    if (target.backup() == null) {
      return List.of("none is declared");
    }
    Facts facts =
        FactFinder.ask(engines, List.of(target), clock).getOrDefault(target.name(), Facts.NONE);
    Evidence evidence =
        new Evidence(
            new ReplicaCount.Unknown("not counted"),
            List.of(target),
            Map.of(target.name(), facts),
            Map.of());
    return RuleCatalog.backup().evaluate(evidence).stream().map(Finding::evidence).toList();
  }
}
