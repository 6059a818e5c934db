package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.problem.ProblemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthAddressTest {
  @TempDir private Path folder;

  private Reading empty() {
    return new Reading().yaml(folder, "");
  }

  @Test
  void default_isLoopback() {
    assertThat(empty().health()).isEqualTo(new HealthAddress("127.0.0.1", 8433));
  }

  @Test
  void flags_overrideEnvironment_andThatOverridesYaml() {
    Reading reading = new Reading().yaml(folder, "http: {port: 1, host: '::'}\nnonsense: true");
    assertThat(reading.health()).isEqualTo(new HealthAddress("::1", 1));
    assertThat(reading.env("TIDEGATE_HTTP_PORT", "2").health())
        .isEqualTo(new HealthAddress("::1", 2));
    assertThat(reading.flag("tidegate.http.port", "3").flag("http.host", "10.0.0.1").health())
        .isEqualTo(new HealthAddress("10.0.0.1", 3));
  }

  @Test
  void yaml_isNotOpenedWhereItIsNotNeeded() {
    Path broken = Reading.file(folder, "broken.yaml", "{");
    assertThat(
            Reading.of("TIDEGATE_HTTP_PORT", "2")
                .env("TIDEGATE_HTTP_HOST", "0.0.0.0")
                .config(broken)
                .health())
        .isEqualTo(new HealthAddress("127.0.0.1", 2));
  }

  @Test
  void portOfAKubernetesService_isIgnored() {
    assertThat(empty().env("TIDEGATE_HTTP_PORT", "tcp://10.0.0.1:1").health().port())
        .isEqualTo(8433);
  }

  @Test
  void badPort_isReported() {
    assertThatThrownBy(() -> empty().env("TIDEGATE_HTTP_PORT", "x").health())
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("TIDEGATE_HTTP_PORT: is not a number");
  }
}
