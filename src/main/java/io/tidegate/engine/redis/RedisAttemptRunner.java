package io.tidegate.engine.redis;

import io.tidegate.engine.network.AttemptThread;
import io.tidegate.engine.network.Deadline;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Redactor;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import java.time.Duration;

/**
 * Asks on a thread that an end of time or {@link #close} interrupts, which closes its socket: so a
 * name that takes long to be looked up, or a server that does not read, holds nobody up either.
 */
final class RedisAttemptRunner implements AutoCloseable {
  private final AttemptThread thread;

  RedisAttemptRunner(Target target) {
    thread = new AttemptThread("probe-" + target.name(), false);
  }

  /** What is asked in one attempt. */
  interface Work {
    ProbeResult by(Deadline deadline) throws NotReadyException;
  }

  ProbeResult run(Work work, Duration timeout) throws InterruptedException {
    Deadline deadline = Deadline.within(timeout);
    return thread.run(() -> outcome(work, deadline), timeout);
  }

  private static ProbeResult outcome(Work work, Deadline deadline) {
    try {
      return work.by(deadline);
    } catch (NotReadyException e) {
      return e.result();
    } catch (ProblemException e) {
      return new Wrong(Reason.CREDENTIALS, e.problems().getFirst().what());
    } catch (RuntimeException e) {
      // A server that does not say what its protocol has it say.
      return new NotYet(
          Reason.OTHER,
          "its answer is not understood: " + Redactor.redact(String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void close() {
    thread.close();
  }

  /** Ends an attempt with its outcome. */
  static final class NotReadyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ProbeResult result;

    NotReadyException(ProbeResult result) {
      super(null, null, false, false);
      this.result = result;
    }

    ProbeResult result() {
      return result;
    }
  }
}
