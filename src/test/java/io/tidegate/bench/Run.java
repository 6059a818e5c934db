package io.tidegate.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of a program to its end.
 *
 * @param exit its exit code
 * @param millis from its start until its end was seen
 * @param peakKib the most memory it held at once: {@code VmHWM} of its process, read every 5 ms, so
 *     that what it took in its last 5 ms may be missing
 * @param output what it printed
 */
record Run(int exit, long millis, long peakKib, String output) {
  private static final int POLL_MILLIS = 5;
  private static final int LONGEST_WORDS = 120;

  /** After which a run is killed. */
  static final int LONGEST_SECONDS = 240;

  static Process start(List<String> command, Map<String, String> environment, File output)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
    builder.environment().putAll(environment);
    return builder.start();
  }

  static Run of(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    return of(command, environment, LONGEST_SECONDS);
  }

  /** One run that is killed after so many seconds. */
  static Run of(List<String> command, Map<String, String> environment, int longestSeconds)
      throws IOException, InterruptedException {
    File output = File.createTempFile("bench", ".log");
    try {
      long start = System.nanoTime();
      Process process = start(command, environment, output);
      return ended(process, start, output, longestSeconds);
    } finally {
      Files.delete(output.toPath());
    }
  }

  /** The last line that it printed, shortened. */
  String lastWords() {
    String last = output.lines().filter(line -> !line.isBlank()).reduce("", (a, b) -> b).strip();
    return last.length() > LONGEST_WORDS ? last.substring(0, LONGEST_WORDS) + "..." : last;
  }

  private static Run ended(Process process, long start, File output, int longestSeconds)
      throws IOException, InterruptedException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    long peak = 0;
    while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, peak(status));
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(longestSeconds)) {
        process.destroyForcibly();
      }
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    return new Run(process.exitValue(), millis, peak, Files.readString(output.toPath()));
  }

  private static long peak(Path status) {
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // It ended meanwhile.
    }
  }
}
