package io.tidegate.policy;

import java.util.List;

/**
 * What the guard says of the evidence.
 *
 * @param findings those that stand, worst first
 * @param accepted those that a user accepted by rule
 */
public record Verdict(List<Finding> findings, List<Finding> accepted) {
  /** Nothing found. */
  public static final Verdict CLEAN = new Verdict(List.of(), List.of());

  /** Copies the lists. */
  public Verdict {
    findings = List.copyOf(findings);
    accepted = List.copyOf(accepted);
  }

  /** Whether the agent must not start. */
  public boolean refused() {
    return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
  }
}
