package io.tidegate.migration.risk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;

/** The thread in which statements are parsed. */
public final class ParserThread {
  private ParserThread() {}

  /** Returns when there is none any more: one that was told to end takes a moment to. */
  public static void awaitEnd() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() ->
            assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("sql-parser"));
  }
}
