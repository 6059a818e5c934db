package io.tidegate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.agent.AgentState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The status page as a browser shows it, under its own policy. {@code .ci/page} runs this; it needs
 * the browser as {@code tidegate.chromium} and the script of axe-core as {@code tidegate.axe}.
 * Pictures of each state are left in {@code target/page}.
 */
@EnabledIfSystemProperty(named = "tidegate.chromium", matches = ".+")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PageInChromiumTest {
  private static final Path PICTURES = Path.of("target", "page");
  private static final int PHONE = 360;
  private static final int DESK = 1200;
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
  private static final String SENTENCE = "document.querySelector('h1')?.textContent";

  private static final Told READY = Told.with(new AgentState.Watching(), Told.orders());
  private static final Told LOST =
      Told.with(
          new AgentState.Watching(),
          Told.orders(false, "nothing listens on db:5432"),
          Told.cache(false));

  private static final Map<String, Told> STATES =
      Map.of(
          "awaiting", Told.awaiting(),
          "waiting-for-the-lock", Told.migrating(),
          "migrating", Told.applying(),
          "ready", READY,
          "watching", Told.watching(),
          "lost", LOST,
          "refused", Told.refused(),
          "hostile", hostile());

  private Running running;
  private Chromium chromium;
  private String axe;

  private static Told hostile() {
    return Told.with(
        new AgentState.Watching(),
        Told.cache(
            true,
            "<img src=x onerror=\"document.title='broken'\"></p></li></main><script>document.title"
                + "='broken'</script>\u202Eevil "
                + "long".repeat(200)));
  }

  @BeforeAll
  void start(@TempDir Path profile) throws Exception {
    axe = Files.readString(Path.of(System.getProperty("tidegate.axe")));
    Files.createDirectories(PICTURES);
    running = new Running();
    chromium = new Chromium(Path.of(System.getProperty("tidegate.chromium")), profile);
  }

  @AfterAll
  void stop() throws Exception {
    chromium.close();
    running.close();
  }

  @BeforeEach
  void forgetComplaints() throws Exception {
    chromium.complaints();
    chromium.look(DESK, false);
  }

  static List<Arguments> looks() {
    List<Arguments> looks = new ArrayList<>();
    for (String state : STATES.keySet().stream().sorted().toList()) {
      for (int width : new int[] {PHONE, DESK}) {
        looks.add(Arguments.of(state, width, false));
        looks.add(Arguments.of(state, width, true));
      }
    }
    return looks;
  }

  @ParameterizedTest(name = "{0}, {1} px, dark: {2}")
  @MethodSource("looks")
  void page_isAccessible_fitsTheWindow_andBreaksNoPolicy(String state, int width, boolean dark)
      throws Exception {
    chromium.look(width, dark);
    show(Objects.requireNonNull(STATES.get(state)));
    picture(
        "%s-%s-%s".formatted(state, width == PHONE ? "phone" : "desk", dark ? "dark" : "light"));
    assertThat(chromium.value("document.documentElement.scrollWidth").asInt())
        .isLessThanOrEqualTo(width);
    assertThat(chromium.text("document.title")).endsWith(" – Tidegate").doesNotContain("broken");
    chromium.value(axe + ";undefined");
    assertThat(
            chromium.text(
                """
                document.querySelectorAll('details').forEach(each => each.open = true);
                axe.run().then(found => found.violations
                    .map(each => each.id + ': ' + each.nodes.map(node => node.html).join(' '))
                    .join('\\n'))
                """))
        .isEmpty();
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void page_takesOverWhatChanges_andKeepsTheFocusAndWhatIsOpen() throws Exception {
    show(Told.watching());
    chromium.value(
        "window.loadedOnce = true;"
            + "document.querySelector('summary').focus();"
            + "document.querySelector('details').open = false");
    running.tell(LOST);
    awaitSentence("Not ready for 10 s: orders: nothing listens on db:5432");
    assertThat(chromium.value("window.loadedOnce").asBoolean()).isTrue();
    assertThat(chromium.text("document.title")).isEqualTo("orders is not ready – Tidegate");
    assertThat(chromium.text("document.querySelector('[role=status]').textContent"))
        .isEqualTo("orders is not ready");
    assertThat(chromium.text("document.activeElement.tagName")).isEqualTo("SUMMARY");
    assertThat(chromium.value("document.querySelector('details').open").asBoolean()).isFalse();
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void page_withoutScripts_loadsItselfAgain() throws Exception {
    chromium.send("Emulation.setScriptExecutionDisabled", Map.of("value", true));
    try {
      show(Told.awaiting());
      running.tell(READY);
      awaitSentence("All targets are ready");
    } finally {
      chromium.send("Emulation.setScriptExecutionDisabled", Map.of("value", false));
    }
  }

  @Test
  void page_whoseServerIsGone_saysThatItIsOld() throws Exception {
    try (Running other = new Running()) {
      chromium.open(other.uri("/"));
    }
    await()
        .atMost(LONG_ENOUGH)
        .until(
            () -> chromium.text("document.querySelector('[role=alert]').innerText"),
            shown -> shown.startsWith("No answer from Tidegate since "));
  }

  @Test
  void page_isUsedByKeyboard() throws Exception {
    show(Told.refused());
    List<String> reached = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      chromium.press("Tab");
      reached.add(chromium.text("document.activeElement.textContent.trim()"));
      assertThat(chromium.text("getComputedStyle(document.activeElement).outlineStyle"))
          .isEqualTo("solid");
    }
    assertThat(reached)
        .containsSubsequence(
            "SQLite with several replicas orders",
            "12factor.net/config",
            "A password in a URL orders",
            "12factor.net/config",
            "No backup is declared orders",
            "A Redis that evicts keys orders",
            "12factor.net/config",
            "Status as JSON");
  }

  private void show(Told told) throws InterruptedException {
    running.tell(told);
    chromium.open(running.uri("/"));
  }

  private void awaitSentence(String sentence) {
    // Asserted, since a page that is just being loaded has no sentence yet.
    await()
        .atMost(LONG_ENOUGH)
        .untilAsserted(() -> assertThat(chromium.text(SENTENCE)).isEqualTo(sentence));
  }

  private void picture(String name) throws IOException, InterruptedException {
    chromium.picture(PICTURES.resolve(name + ".png"));
  }
}
