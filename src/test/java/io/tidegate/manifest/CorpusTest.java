package io.tidegate.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.report.CheckReport.ReportFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Files in the style that people use. Each says in comments {@code #! severity rule} what is to be
 * found on that line; nothing else may be found but notices.
 */
class CorpusTest {
  private static final Path CORPUS = Path.of("src/test/resources/check/corpus");

  @TestFactory
  Stream<DynamicTest> each() throws IOException {
    try (Stream<Path> cases = Files.list(CORPUS)) {
      return cases.sorted().toList().stream()
          .map(one -> DynamicTest.dynamicTest(one.getFileName().toString(), () -> evaluate(one)));
    }
  }

  private static void evaluate(Path one) throws IOException {
    CheckReport report = Checked.files(one);
    assertThat(report.findings())
        .as("no worse than the cards say, which help and documents show")
        .allMatch(reported ->
            reported.finding().severity().compareTo(reported.finding().rule().worst()) >= 0);
    List<String> expected = new ArrayList<>();
    try (Stream<Path> files = Files.walk(one)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        expected(file, expected);
      }
    }
    List<String> found =
        report.findings().stream()
            .map(reported ->
                "%s:%d %s %s"
                    .formatted(
                        reported.finding().location().file(),
                        reported.finding().location().line(),
                        reported.finding().severity().name().toLowerCase(Locale.ROOT),
                        reported.finding().rule().id()))
            .filter(line -> !line.contains(" notice "))
            .toList();
    assertThat(found)
        .as(Checked.in(ReportFormat.TEXT, report))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static void expected(Path file, List<String> expected) throws IOException {
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      int at = line.indexOf("#! ");
      if (at >= 0) {
        for (String one : line.substring(at + 3).split(",", -1)) {
          expected.add("%s:%d %s".formatted(file, number, one.strip()));
        }
      }
    }
  }
}
