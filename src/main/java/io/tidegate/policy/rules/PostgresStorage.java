package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.util.List;
import java.util.Optional;

/** A setting by which PostgreSQL trusts its storage to write what it is told, and which may be off. */
final class PostgresStorage {
  private PostgresStorage() {}

  /** What the rule of that card finds of the setting, on every PostgreSQL that is no cache. */
  static List<Finding> judge(RuleCard card, String setting, Evidence evidence) {
    return LiveTarget.kept(evidence, TargetKind::isPostgres)
        .flatMap(live -> finding(card, setting, live).stream())
        .toList();
  }

  /** The storage of a managed service is its provider's: off is not unsafe there by itself. */
  private static Optional<Finding> finding(RuleCard card, String setting, LiveTarget live) {
    Optional<ManagedService> managed = live.managed();
    if (managed.isPresent() && managed.get().durable()) {
      return Optional.empty();
    }
    return live.judge(
        setting,
        card,
        "whether " + setting + " is on",
        value ->
            value.equals("off")
                ? Optional.of(off(card, setting, live, managed))
                : Optional.empty());
  }

  private static Finding off(
      RuleCard card, String setting, LiveTarget live, Optional<ManagedService> managed) {
    return managed
        .map(service ->
            live.unknown(
                card,
                "whether " + setting + " has to be on",
                "it is off, and it is " + service.name() + ", whose storage is its provider's"))
        .orElseGet(() -> live.finding(card, Severity.WARNING, setting + " is off"));
  }
}
