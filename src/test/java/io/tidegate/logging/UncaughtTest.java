package io.tidegate.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UncaughtTest {
  @Test
  void interruption_isNoBug() {
    assertThat(Uncaught.isOfInterruption(new IllegalStateException(new InterruptedException())))
        .isTrue();
    assertThat(Uncaught.isOfInterruption(new IllegalStateException("of its own"))).isFalse();
  }
}
