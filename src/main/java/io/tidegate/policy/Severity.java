package io.tidegate.policy;

import java.util.Locale;

/** How bad a finding is. */
public enum Severity {
  /** The agent refuses to start. */
  ERROR,
  /** It starts and says so. */
  WARNING,
  /** Worth knowing. */
  NOTICE;

  /** The name in reports, JSON and metrics. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
