package io.tidegate.engine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.jdbc.JdbcFacts.FirstFew;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstFewTest {

  @Test
  void a_few_are_named_and_many_are_counted() {
    assertThat(FirstFew.describe(List.of())).isEmpty();
    assertThat(FirstFew.describe(List.of("a", "b", "c"))).isEqualTo("a, b, c");
    assertThat(FirstFew.describe(List.of("a", "b", "c", "d", "e"))).isEqualTo("a, b, c and 2 more");
    assertThat(FirstFew.describe(Collections.nCopies(FirstFew.ROWS, "a")))
        .isEqualTo("a, a, a and at least 98 more");
  }

  @Test
  void a_name_with_a_line_break_stays_on_one_line() {
    assertThat(FirstFew.describe(List.of("a\nERROR: b"))).isEqualTo("a?ERROR: b");
  }
}
