package io.tidegate.engine.network;

import java.time.Duration;

/** The moment at which an attempt is over. */
public record Deadline(long nanos) {
  /** Left to what else holds an attempt to its time, and knows less about why it took so long. */
  private static final Duration SPARE = Duration.ofMillis(50);

  /** From now on. */
  public static Deadline in(Duration timeout) {
    return new Deadline(System.nanoTime() + timeout.toNanos());
  }

  /** A little before the timeout. */
  public static Deadline within(Duration timeout) {
    Duration tenth = timeout.dividedBy(10);
    return in(timeout.minus(tenth.compareTo(SPARE) < 0 ? tenth : SPARE));
  }

  /** What is left, at least a millisecond. */
  public Duration left() {
    return Duration.ofNanos(Math.max(1_000_000, nanos - System.nanoTime()));
  }

  /** Its part of what is left, for the first of so many that are tried. */
  public Deadline share(int of) {
    return in(left().dividedBy(of));
  }
}
