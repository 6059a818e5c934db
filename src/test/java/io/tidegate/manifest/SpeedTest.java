package io.tidegate.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.report.CheckReport.ReportFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand files take two seconds on an idle machine; the bound leaves room for a busy one. */
class SpeedTest {
  @TempDir Path directory;

  @Test
  void a_thousand_files() throws IOException {
    Path corpus = Path.of("src/test/resources/check/corpus");
    String compose = Files.readString(corpus.resolve("saas-prod/compose.yaml"));
    String manifests = Files.readString(corpus.resolve("kustomize-app/all.yaml"));
    for (int i = 0; i < 500; i++) {
      Checked.write(directory, i + "/compose.yaml", compose);
      Checked.write(directory, i + "/all.yaml", manifests);
    }
    long start = System.nanoTime();
    CheckReport report = Checked.files(directory);
    String text = Checked.in(ReportFormat.TEXT, report);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(report.files()).isEqualTo(1_000);
    assertThat(text).contains("1000 files checked: 2500 errors");
    assertThat(took).isLessThan(Duration.ofMinutes(3));
  }
}
