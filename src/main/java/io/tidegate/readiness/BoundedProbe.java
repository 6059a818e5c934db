package io.tidegate.readiness;

import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Redactor;
import io.tidegate.target.Probe;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a probe to its timeout, whatever its driver does, and turns its exceptions into an outcome.
 * An error is a fault of the program, which no wait mends: it is thrown, even where a layer of a
 * driver has wrapped it. An attempt that does not end is left alone, and no second one is begun beside it: a server that
 * hangs must not collect our connections and threads.
 */
public final class BoundedProbe implements Probe {
  private static final Logger LOG = LoggerFactory.getLogger(BoundedProbe.class);

  /** What a driver gets beyond the timeout to end by itself, with a better reason than ours. */
  private static final Duration MARGIN = Duration.ofMillis(500);

  /** So many causes are looked through: a chain may be a circle. */
  private static final int DEEPEST = 20;

  private final String name;
  private final Probe probe;
  private @Nullable FutureTask<ProbeResult> running;

  /**
   * Wraps a probe, which it closes when it is closed.
   *
   * @param name the target's, for the names of threads
   */
  public BoundedProbe(String name, Probe probe) {
    this.name = name;
    this.probe = probe;
  }

  @Override
  public ProbeResult attempt(Duration timeout) throws InterruptedException {
    FutureTask<ProbeResult> task = running;
    if (task == null) {
      task = new FutureTask<>(() -> probe.attempt(timeout));
      running = task;
      Thread.ofVirtual().name("probe-" + name).start(task);
    }
    try {
      ProbeResult result = task.get(timeout.plus(MARGIN).toMillis(), TimeUnit.MILLISECONDS);
      running = null;
      return result;
    } catch (TimeoutException e) {
      return new ProbeResult.NotYet(
          Reason.NO_ANSWER, "no answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      running = null;
      return outcome(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      task.cancel(true);
      throw e;
    }
  }

  private ProbeResult outcome(Throwable thrown) {
    if (thrown instanceof ProblemException problem) {
      return new ProbeResult.Wrong(
          problem.exit() == Reason.CREDENTIALS.exit() ? Reason.CREDENTIALS : Reason.UNSUITABLE,
          problem.problems().getFirst().what());
    }
    int depth = 0;
    for (Throwable at = thrown; at != null && depth < DEEPEST; at = at.getCause(), depth++) {
      if (at instanceof Error error) {
        throw error;
      }
    }
    LOG.debug("the probe of {} threw", name, thrown);
    return new ProbeResult.NotYet(Reason.OTHER, Redactor.redact(String.valueOf(thrown)));
  }

  @Override
  public void close() {
    FutureTask<ProbeResult> task = running;
    if (task != null) {
      task.cancel(true);
    }
    probe.close();
  }
}
