package io.tidegate.manifest.report;

import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.UnreadableFileException;
import io.tidegate.source.YamlNode;
import io.tidegate.source.YamlReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The findings of an earlier report in JSON or SARIF. One that stands there is known; if it is found
 * more often than there, the others are new. What was accepted then is not known by that.
 */
public final class Baseline {
  private final Map<String, Integer> left = new HashMap<>();

  private Baseline() {}

  /**
   * Reads a report of {@code check}.
   *
   * @throws UnreadableFileException if the file cannot be read, or is no such report
   */
  public static Baseline read(Path file) throws UnreadableFileException {
    String name = file.toString();
    List<YamlNode> documents = YamlReader.read(SourceFile.read(file, name)); // JSON is YAML too.
    YamlNode report = documents.isEmpty() ? null : documents.getFirst();
    Baseline baseline = new Baseline();
    if (report != null && report.at("runs") != null) {
      report.items("runs").forEach(run -> run.items("results").forEach(baseline::addResult));
    } else if (report != null && report.at("findings") != null) {
      report.items("findings").forEach(found -> baseline.add(found.word("fingerprint")));
      report.items("known").forEach(found -> baseline.add(found.word("fingerprint")));
    } else {
      throw new UnreadableFileException(
          Severity.ERROR,
          Location.start(name),
          "is no report of tidegate check in JSON or SARIF",
          "Write one, as in: tidegate check --format json FILES > " + file.getFileName());
    }
    return baseline;
  }

  private void addResult(YamlNode result) {
    if (result.at("suppressions") == null) {
      add(result.word("partialFingerprints", ReportedFinding.FINGERPRINT));
    }
  }

  private void add(String fingerprint) {
    left.merge(fingerprint, 1, Integer::sum);
  }

  /** Whether a finding is known. Each that the baseline holds counts once. */
  boolean takes(ReportedFinding found) {
    Integer times = left.computeIfPresent(found.fingerprint(), (key, number) -> number - 1);
    return times != null && times >= 0;
  }
}
