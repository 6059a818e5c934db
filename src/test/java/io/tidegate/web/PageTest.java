package io.tidegate.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.agent.AgentState;
import io.tidegate.secret.Secret;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The status page and the metrics, which are not JSON. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PageTest {
  private final Running running = new Running();

  @AfterAll
  void stop() {
    running.close();
  }

  @Test
  void page_showsTheState_andAllowsNothingElse() throws Exception {
    running.tell(Told.watching());
    HttpResponse<String> page = running.get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'", "style-src 'sha256-", "frame-ancestors 'none'");
    assertThat(page.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(page.body())
        .contains("PostgreSQL 18.1, primary", "cache (not required)", "inline-credentials")
        .doesNotContain("<script", "src=", "href=");
    assertThat(running.send("HEAD", "/").statusCode()).isEqualTo(200);
  }

  @Test
  void page_escapesAndRedacts() throws Exception {
    Secret canary = Secret.of("page-canary-55");
    running.tell(
        Told.with(
            new AgentState.Watching(),
            Told.cache(true, "<script>alert('x')</script>\" & " + canary.reveal())));
    assertThat(running.get("/").body())
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot; &amp; ***")
        .doesNotContain("<script", "page-canary");
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
