package io.tidegate.manifest.report;

import io.tidegate.policy.RuleCard;
import io.tidegate.secret.Redactor;
import java.io.IOException;
import java.util.List;

/** A form in which a report is written. */
public enum ReportFormat {
  /** For people. */
  TEXT,
  /** For programs. */
  JSON,
  /** For code scanning: SARIF 2.1.0. */
  SARIF,
  /** Annotations of GitHub Actions. */
  GITHUB;

  /**
   * Writes a report.
   *
   * @param rules all rules that were evaluated
   */
  public void write(CheckReport report, List<RuleCard> rules, Appendable out) throws IOException {
    switch (this) {
      case TEXT -> TextFormat.write(report, out);
      case JSON -> JsonFormat.write(report, out);
      case SARIF -> SarifFormat.write(report, rules, out);
      case GITHUB -> GitHubFormat.write(report, out);
    }
  }

  /** Text on its way out of the program: files may hold anything, even what commands a terminal. */
  static String printable(String text) {
    return Redactor.redact(
        text.replaceAll("[\\p{Cntrl}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]", " "));
  }
}
