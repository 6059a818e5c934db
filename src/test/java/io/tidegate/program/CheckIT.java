package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} by the real program, on the examples that people copy. */
class CheckIT {
  private static final Path EXAMPLES = Path.of("compose-examples").toAbsolutePath();
  private static final Path CORPUS = Path.of("src/test/resources/check/corpus").toAbsolutePath();

  @TempDir Path folder;

  @Test
  void a_safe_deployment_ends_with_0() {
    try (TidegateProcess check = check(example("postgresql"), "--fail-on", "warning")) {
      assertThat(check.exitCode()).as(check.output()).isZero();
      assertThat(check.output())
          .contains("1 files checked: 0 errors, 0 warnings, 0 notices, 0 accepted");
    }
  }

  @Test
  void an_unsafe_deployment_ends_with_78_and_says_where_and_why() {
    try (TidegateProcess check = check(example("refused-sqlite-three-replicas"))) {
      assertThat(check.exitCode()).as(check.output()).isEqualTo(78);
      assertThat(check.output())
          .contains(
              "compose.yaml:22:7: error: service app: DATABASE_URL is sqlite:////data/app.db;"
                  + " deploy.replicas is 3 [sqlite-replicas]");
    }
  }

  @Test
  void sarif_is_all_that_is_printed_and_valid() throws IOException {
    Path out = folder.resolve("out.sarif");
    try (TidegateProcess check =
        TidegateProcess.startBy(
            List.of("sh", "-c", "exec \"$@\" >'" + out + "'", "sh"),
            Map.of(),
            "check",
            "--format",
            "sarif",
            EXAMPLES.toString())) {
      assertThat(check.exitCode()).as(check.output()).isEqualTo(78);
      assertThat(check.output()).as("standard error").isEmpty();
    }
    String sarif = Files.readString(out);
    try (InputStream schema =
        CheckIT.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
      assertThat(schema).isNotNull();
      assertThat(
              SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                  .getSchema(schema)
                  .validate(sarif, InputFormat.JSON))
          .isEmpty();
    }
    assertThat(sarif)
        .contains("\"ruleId\" : \"sqlite-replicas\"", "\"ruleId\" : \"redis-persistence\"");
  }

  @Test
  void standard_input_is_checked_as_kustomize_and_helm_hand_it_over() {
    Path manifests = CORPUS.resolve("kustomize-app/all.yaml");
    try (TidegateProcess check =
        TidegateProcess.startBy(
            List.of("sh", "-c", "exec \"$@\" <'" + manifests + "'", "sh"),
            Map.of(),
            "check",
            "-")) {
      assertThat(check.exitCode()).as(check.output()).isEqualTo(78);
      assertThat(check.output()).contains("-:", "1 files checked");
    }
  }

  @Test
  void a_thousand_files_take_a_single_start() throws IOException {
    String compose = Files.readString(CORPUS.resolve("saas-prod/compose.yaml"));
    String manifests = Files.readString(CORPUS.resolve("kustomize-app/all.yaml"));
    for (int i = 0; i < 500; i++) {
      Path one = Files.createDirectory(folder.resolve("app" + i));
      Files.writeString(one.resolve("compose.yaml"), compose);
      Files.writeString(one.resolve("all.yaml"), manifests);
    }
    long start = System.nanoTime();
    try (TidegateProcess check = check(folder)) {
      assertThat(check.exitCode()).isEqualTo(78);
      assertThat(check.output()).contains("1000 files checked: 2500 errors");
    }
    // Some seconds on an idle machine (docs/check.md); the bound leaves room for a busy one.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(3));
  }

  private static Path example(String name) {
    return EXAMPLES.resolve(name);
  }

  private static TidegateProcess check(Path path, String... options) {
    String[] args = new String[options.length + 2];
    args[0] = "check";
    System.arraycopy(options, 0, args, 1, options.length);
    args[args.length - 1] = path.toString();
    return TidegateProcess.start(Map.of(), args);
  }
}
