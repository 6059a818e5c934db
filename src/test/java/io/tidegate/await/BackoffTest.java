package io.tidegate.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.Patience;
import io.tidegate.engine.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(Patience.DEFAULT, new Random(1));

  @Test
  void no_delay_exceeds_the_bound_that_doubles_up_to_the_early_cap() {
    List<Duration> bounds = Stream.of(50, 100, 200, 200, 200).map(Duration::ofMillis).toList();
    for (Duration bound : bounds) {
      assertThat(backoff.next(Duration.ofSeconds(1), Reason.UNREACHABLE))
          .isBetween(Duration.ZERO, bound);
    }
  }

  @Test
  void delays_are_spread_over_the_whole_range_so_that_replicas_do_not_march_in_step() {
    List<Duration> delays = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      delays.add(backoff.next(Duration.ofSeconds(1), Reason.UNREACHABLE));
    }
    assertThat(delays).anyMatch(delay -> delay.toMillis() < 20);
    assertThat(delays).anyMatch(delay -> delay.toMillis() > 180);
    assertThat(delays.stream().mapToLong(Duration::toMillis).average().orElseThrow())
        .isBetween(80.0, 120.0);
  }

  @Test
  void the_cap_rises_to_a_second_after_thirty_seconds() {
    List<Duration> delays = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      delays.add(backoff.next(Duration.ofSeconds(31), Reason.UNREACHABLE));
    }
    assertThat(delays).allMatch(delay -> delay.toMillis() <= 1000);
    assertThat(delays).anyMatch(delay -> delay.toMillis() > 500);
  }

  @Test
  void a_server_with_too_many_connections_is_asked_rarely_from_the_start() {
    assertThat(backoff.next(Duration.ZERO, Reason.OVERLOADED))
        .isBetween(Duration.ofMillis(500), Duration.ofMillis(1000));
  }
}
