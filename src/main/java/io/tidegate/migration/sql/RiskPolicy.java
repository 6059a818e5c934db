package io.tidegate.migration.sql;

import io.tidegate.migration.BackupCheck;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.sql.PendingRisks.ChangesetRisks;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Changelog.Destructive;
import io.tidegate.target.Changelog.Destructive.Policy;
import io.tidegate.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What a target declares about pending changesets that destroy data. */
final class RiskPolicy {
  /** So many changesets are named one by one. */
  private static final int MOST = 20;

  private final Target target;
  private final Destructive declared;
  private final BackupCheck backups;

  RiskPolicy(Target target, BackupCheck backups) {
    this.target = target;
    this.declared = Objects.requireNonNull(target.changelog()).destructive();
    this.backups = backups;
  }

  /**
   * Reports them, or refuses them.
   *
   * @throws ProblemException with exit 78 if one is refused
   */
  void apply(List<ChangesetRisks> found, MigrationListener listener) throws InterruptedException {
    refuse(
        found.stream()
            .filter(
                each -> each.isDestructive() && !declared.accepted().contains(each.acceptance()))
            .toList());
    for (ChangesetRisks each : found.subList(0, Math.min(found.size(), MOST))) {
      listener.risky(each.changeset(), each.describe());
    }
    if (found.size() > MOST) {
      listener.noticed(
          "%d more changesets destroy data or block others: see tidegate plan"
              .formatted(found.size() - MOST));
    }
  }

  private void refuse(List<ChangesetRisks> destructive) throws InterruptedException {
    if (destructive.isEmpty() || declared.policy() == Policy.ALLOW) {
      return;
    }
    String why = "the target's destructive setting is refuse";
    if (declared.policy() == Policy.NEEDS_BACKUP) {
      List<String> missing = backups.problems(target);
      if (missing.isEmpty()) {
        return;
      }
      why = "there is no recent backup: " + String.join("; ", missing);
    }
    List<Problem> problems = new ArrayList<>();
    for (ChangesetRisks each : destructive.subList(0, Math.min(destructive.size(), MOST))) {
      problems.add(
          new Problem(
              ExitCode.REFUSED,
              "changeset %s %s; %s".formatted(each.changeset(), each.describe(), why),
              "target " + target.name(),
              remedy(each)));
    }
    if (destructive.size() > MOST) {
      problems.add(
          new Problem(
              ExitCode.REFUSED,
              "%d more changesets destroy data".formatted(destructive.size() - MOST),
              "target " + target.name(),
              "See tidegate plan for all of them"));
    }
    throw new ProblemException(problems);
  }

  private String remedy(ChangesetRisks risks) {
    return "%s, or accept this changeset as it is by adding to TIDEGATE_TARGETS_%s_DESTRUCTIVE_ACCEPTED: %s"
        .formatted(
            declared.policy() == Policy.REFUSE
                ? "Keep the data, in a changeset without the statement"
                : "Take a backup",
            target.name().toUpperCase(Locale.ROOT).replace('-', '_'),
            risks.acceptance());
  }
}
