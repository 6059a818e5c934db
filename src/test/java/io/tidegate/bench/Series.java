package io.tidegate.bench;

import java.util.ArrayList;
import java.util.List;

/** The runs of one tool at one task. */
final class Series {
  private final List<Long> millis = new ArrayList<>();
  private final List<Long> peaks = new ArrayList<>();

  void add(Run run) {
    millis.add(run.millis());
    peaks.add(run.peakKib());
  }

  double seconds() {
    return median(millis) / 1000.0;
  }

  double mebibytes() {
    return median(peaks) / 1024.0;
  }

  static double median(List<Long> values) {
    List<Long> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2.0;
  }
}
