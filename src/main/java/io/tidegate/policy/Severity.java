package io.tidegate.policy;

/** How bad a finding is. */
public enum Severity {
  /** The agent refuses to start. */
  ERROR,
  /** It starts and says so. */
  WARNING,
  /** Worth knowing. */
  NOTICE
}
