package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One reading of settings, from what a test puts in. */
final class Reading {
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, String> flags = new LinkedHashMap<>();
  private @Nullable Path config;

  static Reading of(String variable, String value) {
    return new Reading().env(variable, value);
  }

  Reading env(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Reading flag(String key, String value) {
    flags.put(key, value);
    return this;
  }

  Reading yaml(Path folder, String text) {
    return yaml(folder, text.getBytes(StandardCharsets.UTF_8));
  }

  Reading yaml(Path folder, byte[] bytes) {
    config = file(folder, "tidegate.yaml", bytes);
    return this;
  }

  Reading config(Path file) {
    config = file;
    return this;
  }

  Settings settings() {
    return new SettingsReader(StandInEngine.CATALOG).read(environment, flags, config);
  }

  Target target() {
    assertThat(settings().targets()).hasSize(1);
    return settings().targets().getFirst();
  }

  HealthAddress health() {
    return HealthAddress.find(environment, flags, config);
  }

  /** The problems that reading ends with. */
  ProblemException refusal() {
    ProblemException refusal = catchThrowableOfType(ProblemException.class, this::settings);
    assertThat(refusal).as("the settings are refused").isNotNull();
    return refusal;
  }

  /** The lines of all problems. */
  String text() {
    return String.join("\n", refusal().problems().stream().map(Problem::line).toList());
  }

  /** The only problem's line. */
  String problem() {
    ProblemException refusal = refusal();
    assertThat(refusal.problems()).hasSize(1);
    return refusal.problems().getFirst().line();
  }

  static Path file(Path folder, String name, String text) {
    return file(folder, name, text.getBytes(StandardCharsets.UTF_8));
  }

  static Path file(Path folder, String name, byte[] bytes) {
    try {
      return Files.write(folder.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
