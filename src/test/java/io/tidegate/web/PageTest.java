package io.tidegate.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.agent.AgentState;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.secret.Secret;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The status page and the metrics, which are not JSON. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PageTest {
  private static final Pattern TITLE = Pattern.compile("<title>(.*) – Tidegate</title>");
  private static final Pattern SENTENCE = Pattern.compile("<h1 id=\"now\">(.*)</h1>");

  private final Running running = new Running();

  @AfterAll
  void stop() {
    running.close();
  }

  private String page(Told told) throws Exception {
    running.tell(told);
    HttpResponse<String> page = running.get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    return page.body();
  }

  private static String found(Pattern pattern, String page) {
    Matcher matcher = pattern.matcher(page);
    assertThat(matcher.find()).as(page).isTrue();
    return matcher.group(1);
  }

  @Test
  void page_allowsItsOwnStyleAndScript_andNothingElse() throws Exception {
    running.tell(Told.watching());
    HttpResponse<String> page = running.get("/");
    assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("content-security-policy").orElse(""))
        .matches(
            "default-src 'none'; style-src 'sha256-[^']{44}'; script-src 'sha256-[^']{44}';"
                + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    assertThat(page.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(page.body())
        .startsWith("<!doctype html>\n<html lang=\"en\">")
        .contains("<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>")
        .doesNotContain(" src=", " style=", "<link", " onclick", "{}");
    assertThat(running.send("HEAD", "/").statusCode()).isEqualTo(200);
  }

  @Test
  void page_whileAwaiting_saysForWhatAndWhy() throws Exception {
    String page = page(Told.awaiting());
    assertThat(found(TITLE, page)).isEqualTo("Waiting for cache");
    assertThat(found(SENTENCE, page)).isEqualTo("Waiting 12 s for cache: connection refused");
    assertThat(page)
        .contains(
            "role=\"status\">Waiting for cache</p>",
            "<li class=\"done\">Check configuration <span class=\"quiet\">took <time",
            "<li class=\"current\" aria-current=\"step\">Wait for targets",
            "<li class=\"next\">Migrate",
            "<dd>12 unreachable; 12 in a row</dd>",
            "Replicas of the app: unknown (nothing tells)",
            "No rule found anything");
  }

  @Test
  void page_times_areRelative_withTheExactOneOnHover() throws Exception {
    assertThat(page(Told.watching()))
        .contains(
            "<time datetime=\"2026-11-21T06:00:00Z\" title=\"2026-11-21 06:00:00.000 UTC\">12 s ago</time>",
            "<time datetime=\"2026-11-21T06:00:00.200Z\""
                + " title=\"from 2026-11-21 06:00:00.200 UTC to 2026-11-21 06:00:00.800 UTC\">0.6 s</time>");
  }

  @Test
  void page_whileAnotherMigrates_namesWhoHoldsTheLock() throws Exception {
    String page = page(Told.migrating());
    assertThat(found(TITLE, page)).isEqualTo("Migrating orders");
    assertThat(found(SENTENCE, page))
        .isEqualTo("Migrating orders: waiting for the lock that web-7d9f on 10.0.0.7 holds");
    assertThat(page)
        .contains(
            "<dt>Lock held by</dt><dd>web-7d9f on 10.0.0.7</dd>",
            "<dt>Works on</dt><dd><code>CREATE INDEX</code></dd>",
            "Replicas of the app: at least 2 (tasks.web)");
  }

  @Test
  void page_whileMigrating_showsTheProgress() throws Exception {
    String page = page(Told.applying());
    assertThat(found(SENTENCE, page)).isEqualTo("Migrating orders: changeset 3 of 5");
    assertThat(page)
        .contains(
            "<progress max=\"5\" value=\"2\" aria-label=\"Progress of orders\"></progress>",
            "<p>Changeset 3 of 5: <code>003-customers.sql</code></p>",
            "Tried again, since another session was in the way: 2 times");
  }

  @Test
  void page_whileWatching_saysWhetherAllAreReady() throws Exception {
    assertThat(found(SENTENCE, page(Told.with(new AgentState.Watching(), Told.orders()))))
        .isEqualTo("All targets are ready");
    String page = page(Told.watching());
    assertThat(found(SENTENCE, page)).isEqualTo("All required targets are ready; cache is not");
    assertThat(page)
        .contains(
            "<span class=\"badge good\">Ready</span>",
            "<p>2 applied now, 10 before, in 1.5 s, of which 0.2 s waiting for the lock.</p>",
            "<dd>7 starting, 3 unreachable</dd>",
            "<h3>Warnings <span class=\"badge pending\">1</span></h3>",
            "Replicas of the app: exactly 3 (TIDEGATE_REPLICAS)");
    assertThat(
            found(
                SENTENCE,
                page(
                    Told.with(
                        new AgentState.Watching(),
                        Told.orders(false, "nothing listens on db:5432")))))
        .isEqualTo("Not ready for 10 s: orders: nothing listens on db:5432");
    assertThat(found(SENTENCE, page(new Told(Told.watching().snapshot(), SnapshotSource.STOPPED))))
        .isEqualTo("Tidegate itself is stuck: what is shown may be old");
  }

  @Test
  void page_whenRefused_showsFindingsBySeverity_andWhatIsAccepted() throws Exception {
    String page = page(Told.refused());
    assertThat(found(TITLE, page)).isEqualTo("Refused: SQLite with several replicas");
    assertThat(found(SENTENCE, page)).isEqualTo("Refused: SQLite with several replicas (orders)");
    assertThat(page)
        .containsSubsequence(
            "Use a server such as PostgreSQL. <span class=\"quiet\">Exit code 78.",
            "<h3>Errors ",
            "<p><code>DATABASE_URL</code> is sqlite:///./app.db; 3 replicas",
            "<dt>Danger</dt><dd>Whoever can read",
            "<dt>Fix</dt><dd>Set ORDERS_PASSWORD_FILE",
            "<a href=\"https://12factor.net/config\" rel=\"noreferrer\">12factor.net/config</a>",
            "<h3>Warnings ",
            "<h3>Notices ",
            "<h3>Accepted ",
            "accepted until 2026-12-31: moved next month")
        .doesNotContain("<li class=\"next\">");
  }

  @Test
  void page_escapesAndRedacts() throws Exception {
    Secret canary = Secret.of("page-canary-55");
    assertThat(
            page(
                Told.with(
                    new AgentState.Watching(),
                    Told.cache(true, "<script>alert('x')</script>\" {} & " + canary.reveal()))))
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot; {} &amp; ***")
        .doesNotContain("<script>alert", "page-canary");
  }

  @Test
  void metrics_areText() throws Exception {
    running.tell(Told.watching());
    HttpResponse<String> metrics = running.get("/metrics");
    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.headers().firstValue("content-type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(metrics.body()).contains("tidegate_ready 1.0\n", "jvm_memory_used_bytes");
    running.tell(Told.awaiting());
    assertThat(running.get("/metrics").body()).contains("tidegate_ready 0.0\n");
  }
}
