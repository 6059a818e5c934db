package io.tidegate.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.target.Reason;
import io.tidegate.target.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(RetryPolicy.DEFAULT, new Random(1));

  @Test
  void delays_lie_between_half_and_all_of_a_bound_that_doubles_up_to_the_early_cap() {
    for (int bound : List.of(50, 100, 100, 100)) {
      assertThat(backoff.next(Duration.ofSeconds(1), Reason.UNREACHABLE))
          .isBetween(Duration.ofMillis(bound / 2), Duration.ofMillis(bound));
    }
  }

  @Test
  void replicas_that_began_in_step_ask_at_evenly_spread_moments_after_a_second() {
    int[] asked = new int[5]; // In each fifth of a tenth of a second.
    for (int replica = 0; replica < 800; replica++) {
      Backoff own = new Backoff(RetryPolicy.DEFAULT, new Random(replica));
      Duration waited = Duration.ZERO;
      while (waited.toMillis() < 1000) {
        waited = waited.plus(own.next(waited, Reason.UNREACHABLE));
      }
      asked[(int) Math.min(4, (waited.toMillis() - 1000) / 20)]++;
    }
    // The first attempt of each comes within the longest delay, most of them in its first half.
    assertThat(asked[0]).isBetween(170, 260);
    assertThat(asked[1]).isBetween(170, 260);
    assertThat(asked[2]).isBetween(130, 240);
    assertThat(asked[4]).isBetween(10, 90);
  }

  @Test
  void the_cap_rises_to_a_second_after_thirty_seconds() {
    List<Duration> delays = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      delays.add(backoff.next(Duration.ofSeconds(31), Reason.UNREACHABLE));
    }
    assertThat(delays).allMatch(delay -> delay.toMillis() <= 1000);
    assertThat(delays).anyMatch(delay -> delay.toMillis() > 900);
    assertThat(delays.subList(10, 100)).allMatch(delay -> delay.toMillis() >= 500);
  }

  /** So that what its tool commits is seen within 300 ms, mostly. */
  @Test
  void a_schema_that_is_behind_is_asked_for_three_times_as_often_after_thirty_seconds() {
    for (int i = 0; i < 10; i++) {
      backoff.next(Duration.ofSeconds(1), Reason.UNREACHABLE);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.next(Duration.ofSeconds(31), Reason.SCHEMA))
          .isBetween(Duration.ofMillis(166), Duration.ofMillis(334));
    }
  }

  @Test
  void a_server_with_too_many_connections_is_asked_rarely_from_the_start() {
    assertThat(backoff.next(Duration.ZERO, Reason.OVERLOADED))
        .isBetween(Duration.ofMillis(500), Duration.ofMillis(1000));
  }
}
