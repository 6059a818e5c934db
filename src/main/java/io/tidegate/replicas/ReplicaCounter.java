package io.tidegate.replicas;

import io.tidegate.replicas.ReplicaCount.AtLeast;
import io.tidegate.replicas.ReplicaCount.Exactly;
import io.tidegate.replicas.ReplicaCount.Unknown;
import io.tidegate.replicas.ReplicaCount.UpTo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Counts the replicas of the app. The most trusted source that gives a number decides, unless another
 * has seen more: replicas that were seen are there, whatever is declared.
 */
public final class ReplicaCounter {
  private static final String NOT_REPORTED = "nothing reports it";

  private final List<ReplicaSource> sources;
  private final List<ReplicaSource> sessions;
  private List<ReplicaCount> last = List.of();
  private long counted;

  /** Takes every source there is, and none that asks the servers of targets. */
  public ReplicaCounter(Collection<ReplicaSource> sources) {
    this(sources, List.of());
  }

  /**
   * Takes every source there is.
   *
   * @param sources need no target to be ready
   * @param sessions ask the servers of targets
   */
  public ReplicaCounter(Collection<ReplicaSource> sources, Collection<ReplicaSource> sessions) {
    this.sources =
        sources.stream()
            .sorted((one, other) -> Integer.compare(one.order(), other.order()))
            .toList();
    this.sessions = List.copyOf(sessions);
  }

  /**
   * Asks the sources that need no target, unless the last time gave a number and is less than so long
   * ago. Not to be called by two threads at once.
   *
   * @throws InterruptedException if the thread is interrupted while asking
   */
  public ReplicaCount count(Duration recent) throws InterruptedException {
    if (decide(last) instanceof Unknown || System.nanoTime() - counted >= recent.toNanos()) {
      last = ask(sources);
      counted = System.nanoTime();
    }
    return decide(last);
  }

  /**
   * Asks these sources anew.
   *
   * @throws InterruptedException if the thread is interrupted while asking
   */
  public ReplicaCount count() throws InterruptedException {
    return count(Duration.ZERO);
  }

  /**
   * Counts as {@link #count(Duration)} does, and asks the servers of the targets too, each time. To be
   * called when the targets are ready.
   *
   * @throws InterruptedException if the thread is interrupted while asking
   */
  public ReplicaCount countWithSessions(Duration recent) throws InterruptedException {
    var _ = count(recent);
    List<ReplicaCount> counts = new ArrayList<>(last);
    counts.addAll(ask(sessions));
    return decide(counts);
  }

  private static List<ReplicaCount> ask(List<ReplicaSource> sources) throws InterruptedException {
    List<ReplicaCount> counts = new ArrayList<>();
    for (ReplicaSource source : sources) {
      source.count().ifPresent(counts::add);
    }
    return counts;
  }

  private static ReplicaCount decide(List<ReplicaCount> counts) {
    List<ReplicaCount> numbers =
        counts.stream().filter(count -> !(count instanceof Unknown)).toList();
    if (numbers.isEmpty()) {
      // The most trusted source that applies here says best why there is no number.
      return counts.isEmpty() ? new Unknown(NOT_REPORTED) : counts.getFirst();
    }
    // A bound, which may be too low, contradicts no number that is not below it.
    ReplicaCount trusted =
        numbers.stream()
            .filter(count -> !(count instanceof AtLeast))
            .findFirst()
            .orElseGet(numbers::getFirst);
    return Stream.concat(numbers.stream(), counts.stream().flatMap(ReplicaCounter::seen))
        .filter(other -> other.number() > trusted.number())
        .max((one, other) -> Integer.compare(one.number(), other.number()))
        .<ReplicaCount>map(more ->
            new AtLeast(
                more.number(),
                "%s, more than the %d %s"
                    .formatted(source(more), trusted.number(), source(trusted))))
        .orElse(trusted);
  }

  /** Who cannot tell how many there are may still have seen some. */
  private static Stream<ReplicaCount> seen(ReplicaCount count) {
    return count instanceof Unknown unknown ? Stream.ofNullable(unknown.seen()) : Stream.empty();
  }

  private static String source(ReplicaCount count) {
    return switch (count) {
      case Exactly(int _, String source, int _) -> source;
      case UpTo(int _, String source) -> source;
      case AtLeast(int _, String source) -> source;
      case Unknown(String reason, AtLeast _) -> reason;
    };
  }
}
