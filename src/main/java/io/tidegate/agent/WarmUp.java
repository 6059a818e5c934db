package io.tidegate.agent;

import io.tidegate.migration.MigratorCatalog;
import io.tidegate.readiness.Ticker;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uses the time in which servers are awaited: what a migration does is done once for nobody, so that its
 * classes are initialised and its code is compiled when the first server answers. Begins only after
 * a pause, so that a server which is ready at once is not kept waiting; ends when it is closed.
 * Whatever fails is left to the migration itself to tell.
 */
final class WarmUp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final Duration PAUSE = Duration.ofMillis(150);

  private final MigratorCatalog migrators;
  private final Ticker ticker;
  private final Thread thread;

  WarmUp(MigratorCatalog migrators, List<Target> targets, Ticker ticker) {
    this.migrators = migrators;
    this.ticker = ticker;
    this.thread = Thread.ofPlatform().daemon().name("warm-up").unstarted(() -> warmUp(targets));
    thread.start();
  }

  private void warmUp(List<Target> targets) {
    try {
      ticker.sleep(PAUSE);
      for (Target target : targets) {
        migrators.of(target).warmUp(target);
      }
    } catch (InterruptedException e) {
      // Something answered: what is left would only be in its way.
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
      LOG.trace("the warm-up ended early", e);
    }
  }

  /** Does not wait for its end. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
