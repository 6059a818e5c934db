package io.tidegate.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.agent.Version;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The examples in docs/http.md are what the server answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpDocumentationTest {
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "`([A-Z]+) (\\S+)` while (\\w+): (\\d+)\n\n```json\n(.*?)```", Pattern.DOTALL);

  private static final Map<String, Told> STATES =
      Map.of(
          "watching", Told.watching(), "awaiting", Told.awaiting(), "migrating", Told.migrating());

  private final Running running = new Running();

  @AfterAll
  void stop() {
    running.close();
  }

  static Stream<Arguments> examples() throws IOException {
    Matcher matcher = EXAMPLE.matcher(Files.readString(Path.of("docs/http.md")));
    return matcher
        .results()
        .map(found ->
            Arguments.of(
                found.group(1),
                found.group(2),
                found.group(3),
                Integer.parseInt(found.group(4)),
                found.group(5)));
  }

  @ParameterizedTest(name = "{0} {1} while {2}")
  @MethodSource("examples")
  void example_isTheAnswer(String method, String path, String state, int code, String body)
      throws Exception {
    running.tell(Objects.requireNonNull(STATES.get(state), state));
    HttpResponse<String> answer = running.send(method, path);
    assertThat(answer.statusCode()).isEqualTo(code);
    String said = answer.body().replace("\"" + Version.current() + "\"", "\"0.1.0\"");
    assertThat(parse(said)).as(said).isEqualTo(parse(body));
    assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
  }

  @Test
  void everyEndpointWithABody_hasAnExample() throws IOException {
    assertThat(examples().map(example -> example.get()[1]))
        .contains(
            "/ready",
            "/ready/cache",
            "/live",
            "/status",
            "/nothing",
            "/health",
            "/health/readiness",
            "/health/liveness",
            "/info");
  }

  /** JSON is YAML, and a parser of that is at hand. */
  private static Object parse(String json) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
  }
}
