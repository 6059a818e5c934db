package io.tidegate.manifest;

import static io.tidegate.manifest.Checked.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tidegate.manifest.report.CheckReport;
import io.tidegate.source.SourceFile.Note;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file is, it costs one clear line, and the file beside it is checked. */
@Timeout(300)
class HostileFilesTest {
  @TempDir Path directory;

  @BeforeEach
  void a_file_beside_it() {
    write(directory, "compose.yaml", "services: {db: {image: 'postgres:latest'}}\n");
  }

  private List<String> notes() {
    CheckReport report = Checked.files(directory);
    assertThat(Checked.brief(report)).contains("warning database-image 1");
    return report.notes().stream().map(this::line).toList();
  }

  private String line(Note note) {
    String file = directory.relativize(Path.of(note.location().file())).toString();
    return "%s:%d %s %s"
        .formatted(
            file,
            note.location().line(),
            note.severity().name().toLowerCase(Locale.ROOT),
            note.what());
  }

  @Test
  void broken_yaml() {
    write(directory, "broken.yaml", "services:\n  db:\n   image: [postgres\n  x: y\n");
    assertThat(notes())
        .containsExactly("broken.yaml:4 error is not valid YAML here, so the file is not checked");
  }

  /** As in the mkdocs.yml of many a repository, which deploys nothing. */
  @Test
  void tags_of_another_program() {
    write(
        directory,
        "mkdocs.yml",
        "site_name: x\nemoji: !!python/name:material.extensions.emoji.twemoji\n");
    assertThat(notes()).isEmpty();
  }

  @Test
  void the_templates_of_a_chart_in_a_directory_are_told_once() {
    write(directory, "chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
    write(
        directory, "chart/templates/a.yaml", "{{- if .Values.x }}\nkind: Deployment\n{{ end }}\n");
    write(directory, "chart/templates/sub/b.yaml", "{{- if .Values.x }}\nkind: Job\n{{ end }}\n");
    assertThat(notes())
        .containsExactly(
            "chart/templates:1 notice holds the templates of a Helm chart, which are not checked");
  }

  @Test
  void a_template_of_helm() {
    write(directory, "templates/deploy.yaml", "{{- if .Values.x }}\nkind: Deployment\n{{ end }}\n");
    assertThat(notes())
        .containsExactly(
            "templates/deploy.yaml:1 warning is a template with {{ }} and not YAML yet, so it is not"
                + " checked");
  }

  @Test
  void a_hundred_megabytes() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve("huge.yaml").toFile(), "rw")) {
      file.setLength(100L * 1024 * 1024);
    }
    assertThat(notes()).containsExactly("huge.yaml:1 error is larger than 16 MB and is not read");
  }

  @Test
  void a_folder_that_cannot_be_read_beside_it() throws Exception {
    unlistable(directory.resolve("data"));
    try {
      assertThat(notes())
          .singleElement()
          .asString()
          .endsWith("warning cannot be read, so nothing in it is checked");
    } finally {
      remove("data");
    }
  }

  @Test
  void a_folder_that_may_not_be_read_beside_it() throws IOException {
    Path data = Files.createDirectory(directory.resolve("pgdata"));
    Files.setPosixFilePermissions(data, Set.of());
    try {
      assumeThat(Files.isReadable(data)).as("root may read it").isFalse();
      assertThat(notes())
          .containsExactly("pgdata:1 warning may not be read, so nothing in it is checked");
    } finally {
      Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** They are not even looked at: there is a folder in each that cannot be read. */
  @Test
  void folders_of_tools_are_not_entered() throws Exception {
    unlistable(directory.resolve(".git"));
    unlistable(directory.resolve("node_modules"));
    try {
      assertThat(notes()).isEmpty();
    } finally {
      remove(".git");
      remove("node_modules");
    }
  }

  @Test
  void links_in_circles_and_out_of_the_directory(@TempDir Path elsewhere) throws IOException {
    Path below = Files.createDirectories(directory.resolve("a/b"));
    Files.createSymbolicLink(below.resolve("up"), directory);
    Files.createSymbolicLink(directory.resolve("self"), Path.of("self"));
    Files.createSymbolicLink(directory.resolve("out"), elsewhere);
    assertThat(notes())
        .containsExactly("out:1 warning is a link to another directory, which is not followed");
  }

  @Test
  void a_directory_that_is_named_by_a_link(@TempDir Path elsewhere) throws IOException {
    Path link = Files.createSymbolicLink(elsewhere.resolve("link"), directory);
    CheckReport report = Checked.files(link);
    assertThat(Checked.brief(report)).contains("warning database-image 1");
    assertThat(report.findings().getFirst().finding().location().file())
        .isEqualTo(link.resolve("compose.yaml").toString());
  }

  /** Folders in it have paths that are longer than the system takes: not even root can list them. */
  private void unlistable(Path folder) throws IOException {
    Path upper = nested(folder);
    Path lower = nested(directory.resolve("lower"));
    Files.move(directory.resolve("lower"), upper.resolve("lower"));
    assertThat(lower).doesNotExist();
  }

  /** Makes a folder with folders in it, eleven deep. */
  private static Path nested(Path folder) throws IOException {
    Path deepest = folder;
    for (int i = 0; i < 11; i++) {
      deepest = deepest.resolve("d".repeat(200));
    }
    return Files.createDirectories(deepest);
  }

  /** As JUnit cannot: path by path it is too long. */
  private void remove(String name) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("rm", "-rf", name)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  @Test
  void aliases_of_aliases() {
    StringBuilder bomb = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (char c = 'b'; c <= 'k'; c++) {
      String below = "*" + (char) (c - 1);
      bomb.append(
          "%c: &%c [%s]\n"
              .formatted(
                  c,
                  c,
                  String.join(
                      ", ", List.of(below, below, below, below, below, below, below, below))));
    }
    write(directory, "bomb.yaml", bomb + "services: {x: {image: *k}}\n");
    assertThat(notes()).singleElement().asString().startsWith("bomb.yaml:1 error is not YAML that");
  }

  @Test
  void merges_of_merges() {
    StringBuilder bomb = new StringBuilder("a: &a {x: 1}\n");
    for (char c = 'b'; c <= 'k'; c++) {
      String below = "*" + (char) (c - 1);
      bomb.append(
          "%c: &%c {<<: [%s]}\n"
              .formatted(
                  c,
                  c,
                  String.join(
                      ", ", List.of(below, below, below, below, below, below, below, below))));
    }
    write(directory, "bomb.yaml", bomb + "services: {x: *k}\n");
    assertThat(notes()).singleElement().asString().startsWith("bomb.yaml:1 error is not YAML that");
  }

  @Test
  void a_value_that_holds_itself() {
    write(directory, "round.yaml", "services: &s {x: {image: a, y: *s}}\n");
    assertThat(notes())
        .singleElement()
        .asString()
        .startsWith("round.yaml:1 error is not YAML that");
  }

  @Test
  void deep_nesting() {
    write(directory, "deep.yaml", "services: " + "[".repeat(50_000) + "]".repeat(50_000) + "\n");
    write(directory, "deep2.yaml", "a: ".replace(" ", "\n") + nested(3_000));
    assertThat(notes())
        .hasSize(2)
        .allSatisfy(note -> assertThat(note).contains("is not YAML that"));
  }

  private static String nested(int levels) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < levels; i++) {
      text.append(" ".repeat(i)).append("a:\n");
    }
    return text.toString();
  }

  @Test
  void long_values() {
    String value = "redis://a:" + "b".repeat(150_000);
    write(
        directory,
        "long.yaml",
        "services: {web: {image: a, scale: 2, environment: {URL: '%s', TOKEN: '%s', X: '%s'}}}\n"
            .formatted(value, value, "${A:-".repeat(20_000)));
    write(
        directory,
        "wide.yaml",
        "services: {web: {image: a, command: '" + "--x ".repeat(200_000) + "'}}");
    assertThat(notes()).isEmpty();
    assertThat(Checked.files(directory).findings())
        .noneMatch(found -> found.finding().evidence().contains("the rule itself failed"));
  }

  @Test
  void lines_of_megabytes() {
    write(directory, "word.yaml", "a: '" + "b".repeat(8_000_000) + "'\n");
    write(directory, "comment.yaml", "{ # " + "b\" ".repeat(2_000_000) + "\n}\n");
    assertThat(notes())
        .hasSize(2)
        .allSatisfy(note -> assertThat(note).contains("error holds lines of megabytes"));
  }

  @Test
  void millions_of_values() {
    write(directory, "list.yaml", "- a\n".repeat(4_000_000));
    write(directory, "documents.yaml", "---\n".repeat(4_000_000));
    assertThat(notes())
        .hasSize(2)
        .allSatisfy(note -> assertThat(note).contains("is not YAML that can be checked"));
  }

  @Test
  void json_on_one_line() {
    String item =
        "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"x\"}},";
    write(
        directory,
        "list.yaml",
        "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": ["
            + item.repeat(15_000)
            + "{}]}\n");
    assertThat(notes()).isEmpty();
  }

  @Test
  void bytes_that_are_no_text() throws IOException {
    Files.write(directory.resolve("binary.yml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, 2});
    write(directory, "control.yml", "services:\u0000 x\n");
    assertThat(notes())
        .hasSize(2)
        .anySatisfy(note -> assertThat(note).contains("binary.yml:1 error is not UTF-8 text"))
        .anySatisfy(note -> assertThat(note).contains("control.yml:1 error is not YAML that"));
  }

  @Test
  void a_kind_that_nobody_knows() {
    write(
        directory,
        "crd.yaml",
        """
        apiVersion: postgresql.cnpg.io/v1
        kind: Cluster
        metadata: {name: db}
        ---
        apiVersion: postgresql.cnpg.io/v1
        kind: Cluster
        metadata: {name: other}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: x}
        """);
    assertThat(notes())
        .containsExactly("crd.yaml:1 notice kind Cluster is not known and not checked");
  }

  @Test
  void what_is_not_read_of_other_kinds_is_named() {
    write(
        directory,
        "crd.yaml",
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: read}
        spec: {template: {spec: {containers: [{name: a, image: a}]}}}
        ---
        apiVersion: serving.knative.dev/v1
        kind: Service
        metadata: {name: read}
        spec: {template: {spec: {containers: [{image: a}]}}}
        ---
        apiVersion: apps.kruise.io/v1alpha1
        kind: CloneSet
        metadata: {name: guessed}
        spec: {template: {spec: {containers: [{name: a, image: a}]}}}
        """);
    write(
        directory,
        "reference.yaml",
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: not-read}
        spec: {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
        """);
    assertThat(notes())
        .containsExactlyInAnyOrder(
            "crd.yaml:11 notice kind CloneSet is not known: its pods are checked as those of a"
                + " Deployment are",
            "reference.yaml:1 notice a Rollout takes its pods from an object that is not among the files,"
                + " so that they are not checked");
    write(
        directory,
        "deployment.yaml",
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec: {template: {spec: {containers: [{name: a, image: a}]}}}
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: web}
        spec: {hosts: [web]}
        """);
    assertThat(notes()).hasSize(1);
  }

  @Test
  void services_that_extend_each_other() {
    write(
        directory,
        "round/compose.yaml",
        "services:\n  a: {extends: b, image: x}\n  b: {extends: {service: a}}\n");
    write(
        directory, "lost/compose.yaml", "services: {a: {extends: {file: no.yaml, service: x}}}\n");
    write(directory, "lost2/compose.yaml", "services: {a: {extends: x, image: y}}\n");
    assertThat(notes())
        .containsExactlyInAnyOrder(
            "round/compose.yaml:3 error services extend each other in a circle",
            "lost/compose.yaml:1 warning includes or extends a file that cannot be read, so it is not"
                + " checked",
            "lost2/compose.yaml:1 error extends a service that is not there");
  }

  @Test
  void a_file_that_includes_itself() {
    write(directory, "self/compose.yaml", "include: [compose.yaml]\nservices: {a: {image: x}}\n");
    assertThat(notes()).isEmpty();
  }

  @Test
  void empty_files_and_files_of_other_tools_are_passed_by_in_directories() {
    write(directory, "empty.yaml", "");
    write(directory, "values.yaml", "replicas: 3\n");
    write(
        directory, ".github/workflows/ci.yml", "jobs: {x: {services: {db: {image: postgres}}}}\n");
    write(directory, "node_modules/x/compose.yaml", "services: {db: {image: postgres}}\n");
    write(directory, "config/services.yaml", "services: {_defaults: {autowire: true}}\n");
    assertThat(notes()).isEmpty();
  }

  @Test
  void what_is_named_and_deploys_nothing_is_said() {
    Path values = write(directory, "values.yaml", "replicas: 3\n");
    CheckReport report = Checked.files(values, directory.resolve("no.yaml"));
    assertThat(report.notes())
        .extracting(Note::what)
        .containsExactlyInAnyOrder(
            "is no Compose file, no manifest of Kubernetes, and none of ECS, Nomad (JSON), Render or"
                + " Fly.io, so it is not read and not checked",
            "there is no such file");
  }
}
