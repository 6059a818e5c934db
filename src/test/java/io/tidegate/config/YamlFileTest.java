package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlFileTest {
  private static final String TARGET = "targets: {db: {url: 'file:a'}}\n";

  @TempDir private Path folder;

  private String refusal(String yaml) {
    return new Reading().yaml(folder, yaml).text();
  }

  @Test
  void malformed_isReportedWithLineAndColumn() {
    assertThat(refusal("targets:\n  db: [canary\n")).contains("line 3, column 1", "not valid YAML");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password: *canary",
        "password: @canary",
        "password: \"canary",
        "password: {canary",
        "password: !canary x",
        "password: !!javax.script.ScriptEngineManager [canary]",
        "password: a: canary",
        "canary",
        "- canary",
      })
  void refusedText_isNeverQuoted(String yaml) {
    assertThat(refusal(yaml)).doesNotContain("canary");
  }

  @Test
  void emptyOrCommentedFile_declaresNothing() {
    for (String yaml : new String[] {"", "# nothing\n", "---\n", "tidegate:\n"}) {
      assertThat(
              new Reading().yaml(folder, yaml).env("DATABASE_URL", "file:a").settings().targets())
          .hasSize(1);
    }
  }

  @Test
  void keysWithDots_meanTheSame() {
    assertThat(
            new Reading()
                .yaml(folder, "tidegate.targets.db.url: file:a\ntidegate.replicas: 4\n")
                .settings()
                .replicas())
        .isEqualTo(4);
  }

  @Test
  void nothing_isNotAValue() {
    assertThat(
            new Reading().yaml(folder, TARGET + "replicas:\ndeadline: ~\n").settings().replicas())
        .isNull();
  }

  @Test
  void anchors_mayShareSettings() {
    assertThat(
            new Reading()
                .yaml(
                    folder,
                    """
                    targets:
                      a: {url: 'file:a', tls: &t {mode: disable}}
                      b: {url: 'file:b', tls: *t}
                    """)
                .settings()
                .targets())
        .hasSize(2);
  }

  @Test
  void mergeKeys_mayShareSettings() {
    assertThat(
            new Reading()
                .yaml(
                    folder,
                    """
                    targets:
                      a: &a {url: 'file:a', required: false}
                      b: {<<: *a, url: 'file:b'}
                    """)
                .settings()
                .targets())
        .extracting(target -> target.url().path() + " " + target.required())
        .containsExactly("a false", "b false");
  }

  @Test
  void whatMeansNothing_isRefused_notPassedOver() {
    assertThat(refusal(TARGET + "<<: canary\n")).contains("line 2, column 5", "not valid");
    assertThat(refusal(TARGET + "? [replicas]\n: 3\n")).contains("line 2, column 3", "not valid");
    assertThat(refusal("replicas: 1\n---\nreplicas: 2\n")).contains("line 3: is a second document");
  }

  @Test
  void valueWithTagOfItsOwn_isRefused() {
    for (String tag : new String[] {"!canary", "!!binary", "!!set"}) {
      assertThat(refusal("targets:\n  a: {url: " + tag + " 'file:a'}\n")).contains("a YAML tag");
    }
  }

  @Test
  void aliasesThatMultiply_areRefusedSoon() {
    StringBuilder yaml = new StringBuilder("a0: &a0 {x: 1, y: 2}\n");
    for (int i = 1; i < 19; i++) {
      yaml.append("a%d: &a%d {x: *a%d, y: *a%d}\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(refusal(yaml.toString())).contains("aliases");
    StringBuilder few = new StringBuilder("a0: &a0 {x: 1, y: 2}\n");
    for (int i = 1; i < 10; i++) {
      few.append("a%d: &a%d {x: *a%d, y: *a%d}\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(refusal(few.toString())).hasSizeLessThan(2_000_000);
    assertThat(refusal("a: &a {b: *a}\n")).contains("too many keys");
  }

  @Test
  void deepNesting_isRefused() {
    assertThat(refusal("a: " + "{a: ".repeat(5000) + "}".repeat(5000))).contains("levels deep");
  }

  @Test
  void fileThatIsNotUtf8_orTooLarge_orNotThere() {
    assertThat(new Reading().yaml(folder, "# \u00e4".getBytes(StandardCharsets.ISO_8859_1)).text())
        .contains("--config", "is not UTF-8");
    assertThat(refusal("#".repeat(1_048_577))).contains("larger than 1048576 bytes");
    assertThat(new Reading().config(folder.resolve("none.yaml")).text())
        .contains("--config", "none.yaml, which does not exist");
    assertThat(Reading.of("TIDEGATE_CONFIG", "/none.yaml").text())
        .contains("TIDEGATE_CONFIG: names /none.yaml, which does not exist");
  }

  @Test
  void file_isNamedByFlag_orByVariable_butNotByItself() {
    Path file = Reading.file(folder, "other.yaml", TARGET);
    assertThat(new Reading().flag("config", file.toString()).settings().targets()).hasSize(1);
    assertThat(Reading.of("TIDEGATE_CONFIG", file.toString()).settings().targets()).hasSize(1);
    assertThat(refusal(TARGET + "config: other.yaml\n")).contains("cannot name the file");
  }

  @Test
  void listOfTargets_isRefused() {
    assertThat(refusal("targets:\n  - {name: db, url: 'file:a'}\n"))
        .contains("line 1", "a list of mappings");
  }
}
