package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs as the arguments of {@code wait}. */
class UrlArgumentsTest {
  private static final Map<String, String> NONE = Map.of();

  private static Settings read(
      Map<String, String> environment, Map<String, String> flags, String... urls) {
    return new SettingsReader(StandInEngine.CATALOG).read(environment, flags, List.of(urls), null);
  }

  private static List<String> names(Settings settings) {
    return settings.targets().stream().map(Target::name).toList();
  }

  private static ProblemException refusal(Map<String, String> flags, String... urls) {
    ProblemException refusal =
        catchThrowableOfType(ProblemException.class, () -> read(NONE, flags, urls));
    assertThat(refusal).as("refused").isNotNull();
    return refusal;
  }

  @Test
  void names_say_the_kind_of_service_and_are_numbered_where_two_are_alike() {
    assertThat(names(read(NONE, NONE, "postgresql://db/app", "redis://cache")))
        .containsExactly("postgresql", "redis");
    assertThat(names(read(NONE, NONE, "redis://a", "mariadb://db/app", "rediss://b", "redis://a")))
        .containsExactly("redis-1", "mysql", "redis-2", "redis-3");
  }

  @Test
  void only_the_arguments_are_waited_for(@TempDir Path folder) {
    Map<String, String> environment =
        Map.of(
            "DATABASE_URL", "mysql://elsewhere/app",
            "PGHOST", "elsewhere",
            "TIDEGATE_TARGETS_CACHE_URL", "redis://elsewhere",
            "TIDEGATE_TARGETS_REDIS_URL", "redis://elsewhere",
            "TIDEGATE_TARGETS_REDIS_PASSWORD_FILE", "/no/such/file",
            "TIDEGATE_CHANGELOG", "/no/such/changelog.sql");
    Path config =
        Reading.file(folder, "tidegate.yaml", "targets: {other: {url: 'mongodb://elsewhere'}}\n");
    Settings settings =
        new SettingsReader(StandInEngine.CATALOG)
            .read(environment, NONE, List.of("redis://here"), config);
    assertThat(names(settings)).containsExactly("redis");
    assertThat(settings.targets().getFirst().url().toString()).contains("here");
  }

  @Test
  void everything_but_targets_is_read_as_ever() {
    Settings settings = read(Map.of("TIDEGATE_DEADLINE", "7s"), NONE, "redis://cache");
    assertThat(settings.targets().getFirst().retryPolicy().deadline())
        .isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void flags_add_keys_to_the_targets(@TempDir Path folder) {
    Path password = Reading.file(folder, "password", "s3same");
    Settings settings =
        read(
            NONE,
            Map.of("targets.redis-2.password-file", password.toString()),
            "redis://one",
            "redis://two");
    assertThat(settings.targets())
        .extracting(target -> String.valueOf(target.credentials().password()))
        .containsExactly("null", "***");
  }

  @Test
  void a_flag_with_the_url_of_the_same_target_is_a_usage_error() {
    ProblemException refusal = refusal(Map.of("targets.redis.url", "redis://one"), "redis://two");
    assertThat(refusal.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(refusal).message().contains("targets.redis.url", "argument 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "db:5432",
        "db",
        "http://hunter2/health",
        "postgresql://app:hunter2@db:port/app",
        "postgresql://app:hun/ter2@db/app",
        "postgresql://app:hunter2@db/app?sslmode=sometimes",
        "",
      })
  void a_url_that_is_wrong_is_one_usage_error_that_names_its_place_and_no_part_of_it(String url) {
    ProblemException refusal = refusal(NONE, "redis://cache", url);
    assertThat(refusal.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(refusal.problems()).hasSize(1);
    assertThat(refusal.problems().getFirst().line())
        .startsWith("argument 2: ")
        .doesNotContain("hunter2", "hun", "ter2");
  }

  @Test
  void all_that_are_wrong_are_named_at_once() {
    assertThat(refusal(NONE, "db", "http://x").problems())
        .extracting(Problem::where)
        .containsExactly("argument 1", "argument 2");
  }
}
