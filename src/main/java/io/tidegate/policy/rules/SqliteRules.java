package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.policy.SharedCards;
import io.tidegate.policy.sqlite.SqliteDetector;
import io.tidegate.policy.sqlite.SqliteDetector.Detection;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.target.Target;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules over SQLite files, which every replica of an app would have to share. */
final class SqliteRules {
  /** A target that is a SQLite file. */
  static final EvidenceRule REPLICAS =
      new EvidenceRule(SharedCards.SQLITE_REPLICAS, SqliteRules::replicas);

  /**
   * A target that is a SQLite file, in a Deployment of one replica whose rollouts run two. More than
   * one all the time is the matter of {@link #REPLICAS}.
   */
  static final EvidenceRule ROLLOUT =
      new EvidenceRule(
          new RuleCard(
              "sqlite-rollout",
              Severity.WARNING,
              "A target is SQLite while each rollout runs a second replica for a while",
              "Until the old pod has gone, both write to one file, or the new one begins with a file of"
                  + " its own and what the old one still writes is lost",
              "Set strategy: Recreate in the Deployment, so that the old pod has ended before the new one"
                  + " starts",
              URI.create(
                  "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#recreate-deployment")),
          SqliteRules::rollout);

  static final List<Rule> ALL = List.of(REPLICAS, ROLLOUT);

  private SqliteRules() {}

  private static List<Finding> replicas(Evidence evidence) {
    return findings(REPLICAS.card(), evidence);
  }

  private static List<Finding> rollout(Evidence evidence) {
    return evidence.replicas() instanceof ReplicaCount.Exactly(int count, String _, int surge)
            && count <= 1
            && surge > 0
        ? findings(ROLLOUT.card(), evidence)
        : List.of();
  }

  private static List<Finding> findings(RuleCard card, Evidence evidence) {
    return evidence.targets().stream()
        .filter(target -> TargetKind.of(target) == TargetKind.SQLITE)
        .map(target ->
            finding(card, target.name(), target.origin(), detection(target, evidence), evidence))
        .toList();
  }

  /** The spelling that a target was known by. */
  private static Detection detection(Target target, Evidence evidence) {
    String value = evidence.environment().getOrDefault(target.origin(), "");
    return SqliteDetector.detect(target.origin(), value)
        .orElseGet(() -> SqliteDetector.ofFile(target.url().toString(), target.url().path()));
  }

  private static Finding finding(
      RuleCard card, String subject, String origin, Detection detection, Evidence evidence) {
    return new Finding(
        card,
        severity(detection, evidence),
        subject,
        "`%s` is %s; %s".formatted(origin, detection.describe(), evidence.describeReplicas()));
  }

  /** An error only where it is surely SQLite and more than one replica runs. */
  private static Severity severity(Detection detection, Evidence evidence) {
    return switch (detection.certainty()) {
      case SURE -> evidence.scaled() ? Severity.ERROR : Severity.WARNING;
      case AMBIGUOUS -> evidence.scaled() ? Severity.WARNING : Severity.NOTICE;
    };
  }

  /** SQLite in the spelling of any framework, in any variable that Tidegate sees. */
  static final class Environment implements Rule {
    private static final RuleCard CARD =
        new RuleCard(
            "sqlite-environment",
            Severity.ERROR,
            "An environment variable names SQLite while more than one replica runs",
            "The app keeps data in a file of each replica: what one replica writes the others never"
                + " see, and it is gone when the container is replaced",
            "Point the variable at a database server, or remove it where the app does not use it",
            URI.create("https://www.sqlite.org/whentouse.html"));

    /** What variables named when last looked at: they are checked again and again, and stay the same. */
    private record Looked(Map<String, String> environment, SortedMap<String, Detection> found) {}

    private volatile @Nullable Looked last;

    @Override
    public RuleCard card() {
      return CARD;
    }

    @Override
    public List<Finding> evaluate(Evidence evidence) {
      // A variable that declares a target is the matter of sqlite-replicas; Tidegate's own others
      // (the reason of an acceptance) name no database.
      Set<String> origins =
          evidence.targets().stream().map(Target::origin).collect(Collectors.toSet());
      List<Finding> findings = new ArrayList<>();
      detections(evidence.environment())
          .forEach((variable, detection) -> {
            if (!origins.contains(variable) && !variable.startsWith("TIDEGATE_")) {
              findings.add(finding(CARD, variable, variable, detection, evidence));
            }
          });
      return findings;
    }

    private SortedMap<String, Detection> detections(Map<String, String> environment) {
      Looked looked = last;
      if (looked == null || !looked.environment().equals(environment)) {
        looked = new Looked(environment, SqliteDetector.detectAll(environment));
        last = looked;
      }
      return looked.found();
    }
  }
}
