package io.tidegate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the page is put together: nothing that is brought becomes markup. */
final class HtmlTest {

  @Test
  void values_areEscaped_andPiecesAreNot() {
    assertThat(
            Html.of(
                    "<p title=\"{}\">{}{}{}</p>",
                    "\" onclick='x'",
                    List.of(Html.of("<b>{}</b>", "<"), "&"),
                    null,
                    "{} `a`")
                .markup())
        .isEqualTo("<p title=\"&quot; onclick=&#39;x&#39;\"><b>&lt;</b>&amp;{} `a`</p>");
  }

  @Test
  void prose_showsNamesAsCode_andEscapesThemToo() {
    assertThat(Html.prose("`A<b>` is $1, `left open & \\").markup())
        .isEqualTo("<code>A&lt;b&gt;</code> is $1, `left open &amp; \\");
  }

  @Test
  void templates_haveAPlaceForEachValue() {
    assertThatIllegalArgumentException().isThrownBy(() -> Html.of("{}", "a", "b"));
    assertThatIllegalArgumentException().isThrownBy(() -> Html.of("{} {}", "a"));
  }

  @ParameterizedTest
  @CsvSource({
    "-PT5S, 0 ms",
    "PT0.04S, 40 ms",
    "PT0.999S, 0.9 s",
    "PT9.96S, 9.9 s",
    "PT59.9S, 59 s",
    "PT200S, 3 min 20 s",
    "PT2H5M, 2 h 5 min",
    "P3DT4H, 3 d 4 h",
  })
  void lengths_areInUnitsThatFit(Duration length, String text) {
    assertThat(Times.length(length)).isEqualTo(text);
  }

  @Test
  void times_areExactOnHover() {
    Instant then = Instant.parse("2026-11-21T06:00:00.123456Z");
    assertThat(Times.ago(then, then.plusMillis(900)).markup())
        .isEqualTo(
            "<time datetime=\"2026-11-21T06:00:00.123Z\" title=\"2026-11-21 06:00:00.123 UTC\">just now</time>");
  }
}
