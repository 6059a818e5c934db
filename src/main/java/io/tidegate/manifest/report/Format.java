package io.tidegate.manifest.report;

import io.tidegate.policy.RuleCard;
import java.io.IOException;
import java.util.List;

/** A form in which a report is told. */
public enum Format {
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
   * @param rules all rules that were asked
   */
  public void write(CheckReport report, List<RuleCard> rules, Appendable out) throws IOException {
    Writer writer =
        switch (this) {
          case TEXT -> new TextFormat();
          case JSON -> new JsonFormat();
          case SARIF -> new SarifFormat();
          case GITHUB -> new GitHubFormat();
        };
    writer.write(report, rules, out);
  }

  /** Writes reports in one form. */
  interface Writer {
    /** Writes a whole report, with a line break at its end. */
    void write(CheckReport report, List<RuleCard> rules, Appendable out) throws IOException;
  }
}
