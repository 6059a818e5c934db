package io.tidegate.agent;

import io.tidegate.engine.EngineCatalog;
import io.tidegate.engine.Facts;
import io.tidegate.engine.Target;
import io.tidegate.secret.Redactor;
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

/** Asks all targets at once for what only the live server tells. */
final class FactFinder {
  private static final Logger LOG = LoggerFactory.getLogger(FactFinder.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private FactFinder() {}

  /** Facts by target name. A target that does not tell in time has none, which is not a fault. */
  static Map<String, Facts> ask(EngineCatalog engines, List<Target> targets)
      throws InterruptedException {
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("facts-", 0).factory());
    try {
      Map<String, Future<Facts>> asked = new HashMap<>();
      for (Target target : targets) {
        asked.put(target.name(), threads.submit(() -> engines.of(target).facts(target, TIMEOUT)));
      }
      Map<String, Facts> facts = new HashMap<>();
      for (var entry : asked.entrySet()) {
        facts.put(entry.getKey(), result(entry.getKey(), entry.getValue()));
      }
      return facts;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Facts result(String target, Future<Facts> future) throws InterruptedException {
    try {
      return future.get(TIMEOUT.toMillis() * 2, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "{}: could not be asked about its durability: {}",
          target,
          Redactor.redact(String.valueOf(e.getCause() == null ? e : e.getCause())));
      return Facts.NONE;
    }
  }
}
