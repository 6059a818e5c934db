package io.tidegate.readiness;

import io.tidegate.readiness.Await.AwaitListener;
import io.tidegate.readiness.Await.ProbeFactory;
import io.tidegate.target.Probe;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import io.tidegate.target.RetryPolicy;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Awaits one target: probes it until it is ready, given up, or out of time. */
final class TargetWait implements Callable<TargetWait.End> {

  /** How the wait for one target ended. */
  sealed interface End {
    Target target();

    /** It answered in the required role, often enough in a row. */
    record Ready(Target target) implements End {}

    /** A permanent error outlasted its grace. */
    record GivenUp(Target target, Reason reason, String sentence) implements End {}

    /** The deadline passed. */
    record OutOfTime(Target target, Reason reason, String sentence) implements End {}
  }

  private final Target target;
  private final ProbeFactory probes;
  private final AwaitListener listener;
  private final Ticker ticker;
  private final RandomGenerator random;
  private @Nullable Long wrongSince;

  TargetWait(
      Target target,
      ProbeFactory probes,
      AwaitListener listener,
      Ticker ticker,
      RandomGenerator random) {
    this.target = target;
    this.probes = probes;
    this.listener = listener;
    this.ticker = ticker;
    this.random = random;
  }

  @Override
  public End call() throws InterruptedException {
    RetryPolicy retryPolicy = target.retryPolicy();
    Backoff backoff = new Backoff(retryPolicy, random);
    long start = ticker.nanos();
    int successes = 0;
    End.OutOfTime outOfTime = new End.OutOfTime(target, Reason.NO_ANSWER, "");
    try (Probe probe = new BoundedProbe(target.name(), probes.open(target))) {
      while (true) {
        Duration left = retryPolicy.deadline().minus(ticker.since(start));
        boolean cutOff = left.compareTo(retryPolicy.attempt()) < 0;
        ProbeResult result = attempt(probe, shorter(retryPolicy.attempt(), left));
        Reason reason;
        String sentence;
        switch (result) {
          case ProbeResult.Ready ready -> {
            wrongSince = null;
            if (++successes >= retryPolicy.successes()) {
              return new End.Ready(target);
            }
            reason = Reason.OTHER;
            sentence = successes + " of " + retryPolicy.successes() + " successes in a row";
          }
          case ProbeResult.NotYet notYet -> {
            wrongSince = null;
            successes = 0;
            reason = notYet.reason();
            sentence = notYet.sentence();
          }
          case ProbeResult.Wrong wrong -> {
            successes = 0;
            if (outlasted(retryPolicy.grace())) {
              return new End.GivenUp(target, wrong.reason(), wrong.sentence());
            }
            reason = wrong.reason();
            sentence = wrong.sentence();
          }
        }
        // That the deadline cut an attempt off says nothing of the target.
        boolean tellsLess = cutOff && reason == Reason.NO_ANSWER && !outOfTime.sentence().isEmpty();
        outOfTime = tellsLess ? outOfTime : new End.OutOfTime(target, reason, sentence);
        Duration delay = backoff.next(ticker.since(start), reason);
        if (ticker.since(start).plus(delay).compareTo(retryPolicy.deadline()) >= 0) {
          return outOfTime;
        }
        ticker.sleep(delay);
      }
    }
  }

  private ProbeResult attempt(Probe probe, Duration timeout) throws InterruptedException {
    long start = ticker.nanos();
    ProbeResult result = probe.attempt(timeout);
    listener.probed(target, result, ticker.since(start));
    return result;
  }

  /** Whether permanent errors have been all there was for as long as the grace. */
  private boolean outlasted(Duration grace) {
    if (wrongSince == null) {
      wrongSince = ticker.nanos();
    }
    return ticker.since(wrongSince).compareTo(grace) >= 0;
  }

  private static Duration shorter(Duration a, Duration b) {
    Duration shorter = a.compareTo(b) < 0 ? a : b;
    return shorter.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : shorter;
  }
}
