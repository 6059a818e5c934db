package io.tidegate.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.logging.Logs.LogSettings;
import io.tidegate.logging.Logs.LogSettings.LogFormat;
import io.tidegate.logging.Logs.LogSettings.LogLevel;
import io.tidegate.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class LogsTest {
  private static final Logger LOG = LoggerFactory.getLogger(LogsTest.class);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @AfterEach
  void restore() {
    Logs.configure(new LogSettings(LogFormat.TEXT, LogLevel.WARN), Logs.Output.STDERR);
  }

  @Test
  void text_isTimeLetterMessage() {
    configure(true, LogLevel.INFO);
    LOG.atInfo().addKeyValue("target", "orders").log("{} is ready", "orders");
    LOG.debug("not wanted");
    assertThat(lines())
        .singleElement()
        .asString()
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} I orders is ready");
  }

  @Test
  void json_hasTheFieldsAndThePairs() {
    configure(false, LogLevel.INFO);
    LOG.atWarn()
        .addKeyValue("target", "orders")
        .addKeyValue("tookMillis", 12L)
        .addKeyValue("ready", true)
        .addKeyValue("level", "mine")
        .addKeyValue("nothing", (Object) null)
        .log("a \"quoted\" \\ word");
    assertThat(lines().getFirst())
        .matches("\\{\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\",.*")
        .endsWith(
            """
            "level":"warn","message":"a \\"quoted\\" \\\\ word",\
            "logger":"io.tidegate.logging.LogsTest","target":"orders","tookMillis":12,\
            "ready":true,"level_":"mine","nothing":null}\
            """);
  }

  @Test
  void forgedLines_stayOneLine() {
    for (boolean text : new boolean[] {true, false}) {
      configure(text, LogLevel.INFO);
      LOG.info("user {} said", "a\n12:00:00.000 I forged\r\u001b[2J\u2028\u202e\u0085");
      assertThat(lines())
          .singleElement()
          .asString()
          .contains("a\\n12:00", "\\r\\u001b[2J\\u2028\\u202e\\u0085 said");
      out.reset();
    }
  }

  @Test
  void secrets_areMaskedEverywhere() {
    Secret secret = Secret.of("log-canary\"91");
    for (boolean text : new boolean[] {true, false}) {
      configure(text, LogLevel.DEBUG);
      LOG.atError()
          .addKeyValue("found", secret.reveal())
          .addKeyValue("password", "abc")
          .setCause(new IllegalStateException("x", new RuntimeException("in " + secret.reveal())))
          .log("with {} and mysql://u:pw1@h", secret.reveal());
      assertThat(lines())
          .singleElement()
          .asString()
          .doesNotContain("canary", "pw1", "abc")
          .contains("IllegalStateException: x; caused by RuntimeException: in ***");
      out.reset();
    }
  }

  @Test
  void stackTraces_onlyAtDebug() {
    configure(false, LogLevel.INFO);
    LOG.warn("failed", new IllegalStateException("why"));
    configure(false, LogLevel.DEBUG);
    LOG.warn("failed", new IllegalStateException("why"));
    assertThat(lines().get(0)).endsWith("\"error\":\"IllegalStateException: why\"}");
    assertThat(lines().get(1)).contains("\"trace\":\"io.tidegate.logging.LogsTest.stackTraces");
  }

  @Test
  void libraries_areQuiet_andJavaUtilLoggingIsBridgedCheaply() {
    configure(true, LogLevel.INFO);
    LoggerFactory.getLogger("org.example").info("not wanted");
    LoggerFactory.getLogger("com.zaxxer.hikari.pool.HikariPool").warn("not wanted");
    java.util.logging.Logger jul = java.util.logging.Logger.getLogger("liquibase.changelog");
    assertThat(jul.isLoggable(java.util.logging.Level.INFO)).isFalse();
    jul.warning("from JUL");
    assertThat(lines()).singleElement().asString().endsWith(" W from JUL");
  }

  private void configure(boolean text, LogLevel level) {
    Logs.configure(new LogSettings(LogFormat.AUTO, level), text, out);
  }

  private List<String> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
