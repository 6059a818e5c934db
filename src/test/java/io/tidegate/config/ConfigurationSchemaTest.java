package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/** The JSON schema says of a file what the reader says. */
class ConfigurationSchemaTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
          .getSchema(ConfigurationSchema.text());

  private static final Pattern BLOCK =
      Pattern.compile(
          "(?m)^```yaml\\n((?:#.*\\n)?(?:tidegate|targets):\\n.*?)^```$", Pattern.DOTALL);

  @TempDir private Path folder;

  private static List<String> faults(String yaml) {
    Object content = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    String json = new JsonMapper().writeValueAsString(asJson(content));
    return SCHEMA.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
  }

  /** A date without quotes is text to an editor, which reads YAML 1.2. */
  private static @Nullable Object asJson(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        map.forEach((name, each) -> result.put(String.valueOf(name), asJson(each)));
        yield result;
      }
      case List<?> list -> list.stream().map(ConfigurationSchemaTest::asJson).toList();
      case Date date -> date.toInstant().toString().substring(0, 10);
      case null, default -> value;
    };
  }

  /** Every file of this kind in the repository: those of the examples, and the blocks in the documents. */
  static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    for (String folder : List.of("compose-examples", "k8s", "docs", ".")) {
      int depth = folder.equals(".") ? 1 : 5;
      try (Stream<Path> files = Files.walk(Path.of(folder), depth)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (file.endsWith("tidegate.yaml")) {
            examples.add(Files.readString(file));
          } else if (file.toString().endsWith(".md")) {
            BLOCK
                .matcher(Files.readString(file))
                .results()
                .forEach(block -> examples.add(block.group(1)));
          }
        }
      }
    }
    return examples;
  }

  /** The Helm chart writes the file from the values below {@code config}. */
  @Test
  void valuesOfTheChart_areValid_asTheChartHasThem() throws IOException {
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    try (Stream<Path> files = Files.list(Path.of("k8s/chart-example"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).sorted().toList()) {
        Map<String, Object> values = yaml.load(Files.readString(file));
        if (!(values.get("config") instanceof Map<?, ?> config)) {
          continue;
        }
        boolean wrong = file.getFileName().toString().equals("wrong-key.yaml");
        assertThat(faults(yaml.dump(config)).isEmpty()).as(file.toString()).isEqualTo(!wrong);
      }
    }
  }

  @Test
  void examples_areFound() throws IOException {
    assertThat(examples()).hasSizeGreaterThanOrEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void example_isValid(String yaml) {
    assertThat(faults(yaml)).isEmpty();
  }

  @Test
  void everyKey_isValid_withTheValueThatHoldsWithoutIt() {
    for (Key<?> key : Keys.all()) {
      if (key.fallback() == null || key.fallback().written().isEmpty() || key.equals(Keys.CONFIG)) {
        continue;
      }
      String[] parts = key.of("some-name").split("\\.", -1);
      String yaml = String.join(": {", parts) + ": \"" + key.fallback().written() + "\"";
      assertThat(faults(yaml + "}".repeat(parts.length - 1))).as(yaml).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tidegate: {replicas: 3, targets: {my-db: {url: 'file:a', password: 1234}}}",
        "targets: {db: {url: 'file:a'}}\nreplicas: '3'",
        "targets: {db: {url: 'file:a', contexts: [a, b], required: false}}",
        "targets: {db: {url: 'file:a', tls: {mode: verify-full}}}",
        "targets: {db: {url: 'file:a', deadline: 1m30s}}\nwatch: {interval: PT5S}",
        "targets: {db: {url: 'file:a'}}\nmigration: {statement-timeout: none, lock-wait: 1h 30m}",
        "targets: {db: {url: 'file:a'}}\naccept: {sqlite-replicas: {reason: moved, until: 2099-12-31}}",
      })
  void whatTheReaderTakes_isValid(String yaml) {
    assertThat(new Reading().yaml(folder, yaml).settings().targets()).hasSize(1);
    assertThat(faults(yaml)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "targets: {db: {url: 'file:a', pasword: x}}",
        "tidegate: {targets: {db: {url: 'file:a'}}, replica: 3}",
        "targets: {db: {url: 'file:a'}}\nreplicas: 0",
        "targets: {db: {url: 'file:a'}}\nreplicas: many",
        "targets: {db: {url: 'file:a', purpose: shop}}",
        "targets: {db: {url: 'file:a', required: 1}}",
        "targets: {db: {url: 'file:a', deadline: 5}}",
        "targets: {db: {url: 'file:a', deadline: soon}}",
        "targets: {db: {url: 'file:a'}}\naccept: {sqlite-replicas: {until: tomorrow}}",
        "targets: {db: {url: 'file:a'}}\nconfig: other.yaml",
        "targets: {'no name': {url: 'file:a'}}",
        "targets: [{name: db, url: 'file:a'}]",
        "targets: file:a",
      })
  void whatTheReaderRefuses_isNotValid(String yaml) {
    assertThat(new Reading().yaml(folder, yaml).text()).isNotEmpty();
    assertThat(faults(yaml)).isNotEmpty();
  }
}
