package io.tidegate.manifest;

import io.tidegate.manifest.FileCheck.CheckOptions;
import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.report.CheckReport.ReportFormat;
import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.manifest.rules.FileRule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Checks files in tests, with the rules that the program itself would use. */
public final class Checked {
  /** The day of all tests. */
  static final LocalDate TODAY = LocalDate.of(2026, 11, 21);

  /** With all rules, found as the program finds them. */
  static final FileCheck CHECK = new FileCheck(FileRule.all());

  private Checked() {}

  /** Checks files and directories. */
  static CheckReport files(Path... paths) {
    return CHECK.check(Arrays.stream(paths).map(Path::toString).toList(), options("", false));
  }

  /** Checks a text from standard input. */
  static CheckReport stdin(String text) {
    return CHECK.check(List.of("-"), options(text, false));
  }

  static CheckOptions options(String stdin, boolean merge) {
    return new CheckOptions(
        merge, Map.of(), new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)), TODAY);
  }

  /** Writes a file and names it. */
  static Path write(Path directory, String name, String text) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Findings as {@code severity rule line}. */
  static List<String> brief(CheckReport report) {
    return report.findings().stream().map(Checked::brief).toList();
  }

  private static String brief(ReportedFinding found) {
    return "%s %s %d"
        .formatted(
            found.finding().severity().name().toLowerCase(Locale.ROOT),
            found.finding().rule().id(),
            found.finding().location().line());
  }

  /** The report in a form. */
  static String in(ReportFormat format, CheckReport report) {
    StringBuilder out = new StringBuilder();
    try {
      format.write(report, CHECK.rules(), false, false, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }
}
