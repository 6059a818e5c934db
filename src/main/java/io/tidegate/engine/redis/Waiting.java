package io.tidegate.engine.redis;

import io.tidegate.engine.HostPort;
import io.tidegate.engine.ProbeResult;
import io.tidegate.engine.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for answers until the attempt's end or until the probe is closed. */
final class Waiting {
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Makes whatever waits stop waiting. */
  void end() {
    ended.complete(null);
  }

  <T> T of(CompletableFuture<T> future, Deadline deadline, HostPort at)
      throws NotReadyException, InterruptedException {
    try {
      CompletableFuture.anyOf(future, ended).get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      if (!future.isDone()) {
        throw new NotReadyException(
            new ProbeResult.NotYet(Reason.OTHER, "the probe was closed meanwhile"));
      }
      return future.get();
    } catch (ExecutionException e) {
      throw new NotReadyException(Faults.of(e, at));
    } catch (TimeoutException _) {
      throw new NotReadyException(Faults.silent(at));
    }
  }
}
