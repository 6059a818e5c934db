package io.tidegate.agent;

import io.tidegate.config.Settings.WatchSettings;
import io.tidegate.readiness.BoundedProbe;
import io.tidegate.readiness.Ticker;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineCatalog;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Probes every target again and again, one virtual thread each. What it costs a database depends on
 * the interval alone, never on who asks Tidegate.
 */
final class Watch implements AutoCloseable {
  private final EngineCatalog engines;
  private final WatchSettings settings;
  private final AgentLoop loop;
  private final Ticker ticker;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("watch").factory());

  Watch(EngineCatalog engines, WatchSettings settings, AgentLoop loop, Ticker ticker) {
    this.engines = engines;
    this.settings = settings;
    this.loop = loop;
    this.ticker = ticker;
  }

  void start(List<Target> targets) {
    for (Target target : targets) {
      threads.execute(() -> watch(target));
    }
  }

  /** Only its closing may end it: whatever else does would leave what was last seen for ever. */
  private void watch(Target target) {
    try {
      watchOn(target);
    } catch (InterruptedException closed) {
      return;
    } catch (RuntimeException | Error e) {
      if (!threads.isShutdown()) {
        loop.watcherDied(target, e);
      }
    }
  }

  private void watchOn(Target target) throws InterruptedException {
    Engine engine = engines.of(target);
    try (Probe probe = new BoundedProbe(target.name(), engine.open(target, ProbeMode.WATCH))) {
      while (true) {
        long start = ticker.nanos();
        ProbeResult result = probe.attempt(target.retryPolicy().attempt());
        Duration took = ticker.since(start);
        loop.submit(new Event.Probed(target, result, took));
        ticker.sleep(settings.interval());
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
