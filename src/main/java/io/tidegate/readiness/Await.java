package io.tidegate.readiness;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Probe;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/** Probes all targets in parallel, one virtual thread each, until each is ready or given up. */
public final class Await {
  private final ProbeFactory probes;
  private final AwaitListener listener;
  private final Ticker ticker;
  private final RandomGenerator random;

  /** Takes what to probe with and who is told. */
  public Await(ProbeFactory probes, AwaitListener listener, Ticker ticker, RandomGenerator random) {
    this.probes = probes;
    this.listener = listener;
    this.ticker = ticker;
    this.random = random;
  }

  /**
   * Waits until every target is ready that the app needs or that has a changelog. The others are
   * probed too, and do not hold up or fail the wait.
   *
   * @return the names of the targets that are ready
   * @throws ProblemException with exit 69 if the deadline passed, naming each target that is not
   *     ready; with 77 or 78 as soon as a permanent error outlasted its grace
   * @throws InterruptedException if the thread is interrupted; all probes are closed
   */
  public Set<String> run(List<Target> targets) throws InterruptedException {
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("await").factory());
    try {
      CompletionService<TargetWait.End> ends = new ExecutorCompletionService<>(threads);
      for (Target target : targets) {
        ends.submit(new TargetWait(target, probes, listener, ticker, random));
      }
      long open = targets.stream().filter(Target::awaited).count();
      Set<String> ready = new HashSet<>();
      List<Problem> late = new ArrayList<>();
      for (int ended = 0; ended < targets.size() && open > 0; ended++) {
        TargetWait.End end = result(ends);
        switch (end) {
          case TargetWait.End.Ready(Target target) -> ready.add(target.name());
          case TargetWait.End.GivenUp givenUp -> {
            if (givenUp.target().awaited()) {
              throw new ProblemException(problem(givenUp));
            }
          }
          case TargetWait.End.OutOfTime outOfTime -> {
            if (outOfTime.target().awaited()) {
              late.add(problem(outOfTime));
            }
          }
        }
        open -= end.target().awaited() ? 1 : 0;
      }
      if (!late.isEmpty()) {
        throw new ProblemException(late);
      }
      return ready;
    } finally {
      threads.shutdownNow();
      threads.close();
    }
  }

  private static TargetWait.End result(CompletionService<TargetWait.End> ends)
      throws InterruptedException {
    try {
      return ends.take().get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case ProblemException problem -> throw problem;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  private static Problem problem(TargetWait.End.GivenUp end) {
    return new Problem(
        end.reason().exit(),
        end.sentence()
            + ", for longer than the grace of "
            + end.target().retryPolicy().grace().toSeconds()
            + " s",
        place(end.target()),
        end.reason().remedy());
  }

  private static Problem problem(TargetWait.End.OutOfTime end) {
    return new Problem(
        ExitCode.NOT_READY,
        "not ready within "
            + end.target().retryPolicy().deadline().toSeconds()
            + " s: "
            + end.sentence(),
        place(end.target()),
        end.reason().remedy() + ", or raise tidegate.deadline");
  }

  private static String place(Target target) {
    return target.name() + " (" + target.url() + ")";
  }

  /** Is told each attempt's outcome. Called by the threads of all targets at once. */
  public interface AwaitListener {

    /** An attempt ended. */
    void probed(Target target, ProbeResult result, Duration took);
  }

  /** Gives the probe of a target, which the caller closes. */
  @FunctionalInterface
  public interface ProbeFactory {

    /** Does no network work itself. */
    Probe open(Target target);
  }
}
