package io.tidegate.agent;

import io.tidegate.backup.BackupFiles;
import io.tidegate.secret.Redactor;
import io.tidegate.target.EngineCatalog;
import io.tidegate.target.Facts;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks all targets at once for what only the live server tells, and looks at once for the backups
 * that they declare.
 */
final class FactFinder {
  private static final Logger LOG = LoggerFactory.getLogger(FactFinder.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private FactFinder() {}

  /** Facts by target name. A target that does not tell in time has none, which is not a fault. */
  static Map<String, Facts> ask(EngineCatalog engines, List<Target> targets, Clock clock)
      throws InterruptedException {
    ExecutorService askers =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("facts").factory());
    // A network file system that hangs holds its thread, which must not be one that others need.
    ExecutorService seekers =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().name("backup").factory());
    try {
      Map<String, Future<Facts>> asked = new HashMap<>();
      Map<String, Future<Facts>> sought = new HashMap<>();
      for (Target target : targets) {
        asked.put(target.name(), askers.submit(() -> engines.of(target).facts(target, TIMEOUT)));
        Path directory = target.backup() == null ? null : target.backup().directory();
        if (directory != null) {
          sought.put(
              target.name(),
              seekers.submit(() -> BackupFiles.in(directory, clock.instant(), TIMEOUT)));
        }
      }
      Map<String, Facts> facts = new HashMap<>();
      for (var entry : asked.entrySet()) {
        facts.put(entry.getKey(), result(entry.getKey(), "durability", entry.getValue()));
      }
      for (var entry : sought.entrySet()) {
        Facts backup = result(entry.getKey(), "backup", entry.getValue());
        facts.computeIfPresent(entry.getKey(), (name, told) -> told.and(backup));
      }
      return facts;
    } finally {
      askers.shutdownNow();
      seekers.shutdownNow();
    }
  }

  private static Facts result(String target, String matter, Future<Facts> future)
      throws InterruptedException {
    try {
      return future.get(TIMEOUT.toMillis() * 2, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "{}: nothing was learnt of its {}: {}",
          target,
          matter,
          Redactor.redact(String.valueOf(e.getCause() == null ? e : e.getCause())));
      return Facts.NONE;
    }
  }
}
