package io.tidegate.migration.sql;

import io.tidegate.program.TidegateProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One of several processes that want to migrate the same database. */
public final class Contender {
  private Contender() {}

  /** Starts it. */
  public static TidegateProcess start(String url, Path changelog) {
    return start(List.of(), url, changelog);
  }

  /** Starts it by another program. */
  public static TidegateProcess start(List<String> program, String url, Path changelog) {
    return TidegateProcess.startBy(program, environment(url, changelog), "init");
  }

  /** What it is told: one target, named {@code db}. */
  public static Map<String, String> environment(String url, Path changelog) {
    return Map.of(
        "TIDEGATE_TARGETS_DB_URL",
        url,
        "TIDEGATE_TARGETS_DB_CHANGELOG",
        changelog.toString(),
        "TIDEGATE_REPLICAS",
        "1");
  }
}
