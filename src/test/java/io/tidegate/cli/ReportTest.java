package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.logging.Logs;
import io.tidegate.logging.Logs.LogSettings;
import io.tidegate.logging.Logs.LogSettings.LogFormat;
import io.tidegate.logging.Logs.LogSettings.LogLevel;
import io.tidegate.problem.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a command ends with, the last words say it without a secret and without a trace. */
final class ReportTest {
  private static final String SECRET = "postgresql://app:hunter2@db/app";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
  private final PrintStream before = System.err;
  @TempDir Path folder;

  @AfterEach
  void restore() {
    System.setErr(before);
    Logs.configure(new LogSettings(LogFormat.TEXT, LogLevel.WARN), Logs.Output.STDERR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"init", "run", "wait", "migrate", "status", "plan", "init --deadline=1s", "check"})
  void error_ofAnyKind_isABugInOneRedactedLine(String command) {
    for (Supplier<Throwable> error : errors()) {
      out.reset();
      assertThat(run(command, error, Map.of())).as(command).isEqualTo(ExitCode.BUG);
      assertThat(text())
          .contains("bug: ", "TIDEGATE_LOG_LEVEL=debug", "exit 70")
          .doesNotContain("hunter2", "\tat ", "ReportTest");
      assertThat(text().lines()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"init", "init --deadline=1s", "check"})
  void error_withTheLogLevelThatItNames_showsARedactedTrace(String command) {
    for (Supplier<Throwable> error : errors()) {
      out.reset();
      assertThat(run(command, error, Map.of("TIDEGATE_LOG_LEVEL", "debug")))
          .isEqualTo(ExitCode.BUG);
      assertThat(text()).contains("ReportTest").doesNotContain("hunter2", "\tat ");
    }
  }

  @Test
  void error_isTheTerminationMessageToo() throws Exception {
    Path message = Files.createFile(folder.resolve("message"));
    run(
        "init",
        () -> new AssertionError(SECRET),
        Map.of("TIDEGATE_TERMINATION_LOG", message.toString()));
    assertThat(message).content().contains("AssertionError", "exit 70").doesNotContain("hunter2");
  }

  @Test
  void error_whileItIsReported_isStillABug() {
    Throwable spiteful =
        new AssertionError() {
          private static final long serialVersionUID = 1;

          @Override
          public String getMessage() {
            throw new IllegalStateException(SECRET);
          }
        };
    assertThat(run("init", () -> spiteful, Map.of())).isEqualTo(ExitCode.BUG);
    assertThat(text()).contains("bug: ").doesNotContain("hunter2");
  }

  private static List<Supplier<Throwable>> errors() {
    return List.of(
        () -> new AssertionError("no " + SECRET),
        () -> new NoClassDefFoundError(SECRET),
        () -> new ExceptionInInitializerError(new IllegalStateException("in " + SECRET)),
        () -> new StackOverflowError(SECRET),
        () -> new IllegalStateException("no " + SECRET, new AssertionError("in " + SECRET)));
  }

  /** An environment that throws when the settings are read. */
  private ExitCode run(String command, Supplier<Throwable> error, Map<String, String> environment) {
    System.setErr(printed);
    Logs.configure(new LogSettings(LogFormat.TEXT, LogLevel.WARN), Logs.Output.STDERR);
    Map<String, String> throwing =
        new AbstractMap<>() {
          @Override
          public Set<Map.Entry<String, String>> entrySet() {
            switch (error.get()) {
              case RuntimeException e -> throw e;
              case Error e -> throw e;
              default -> throw new IllegalArgumentException("is checked");
            }
          }

          @Override
          public @Nullable String get(Object key) {
            return environment.get(key);
          }

          @Override
          public String getOrDefault(Object key, String other) {
            return environment.getOrDefault(key, other);
          }
        };
    String[] args = (command.equals("check") ? "check ." : command).split(" ", -1);
    return Cli.run(args, throwing, printed, printed);
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
