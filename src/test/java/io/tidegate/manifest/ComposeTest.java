package io.tidegate.manifest;

import static io.tidegate.manifest.Checked.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.manifest.compose.ComposeProjects;
import io.tidegate.manifest.compose.ComposeProjects.ComposeFile;
import io.tidegate.manifest.compose.ComposeReader;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.manifest.stack.Storage.Mount;
import io.tidegate.manifest.stack.Storage.MountType;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.SourceText;
import io.tidegate.source.SourceFile.UnreadableFileException;
import io.tidegate.source.YamlReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compose files are read as the Compose specification has them. */
class ComposeTest {
  @TempDir Path directory;

  private Stack read(Path... paths) throws UnreadableFileException {
    ComposeProjects files = parse(paths);
    return read(files.projects(true).getFirst(), files);
  }

  private ComposeProjects parse(Path... paths) throws UnreadableFileException {
    ComposeProjects files = new ComposeProjects();
    for (Path path : paths) {
      SourceFile file = SourceFile.read(path, directory.relativize(path).toString());
      assertThat(files.add(file, YamlReader.read(file).getFirst())).isTrue();
    }
    return files;
  }

  private static Stack read(List<ComposeFile> project, ComposeProjects files)
      throws UnreadableFileException {
    return ComposeReader.read(project, files, Map.of("FROM_SHELL", "shell", "EMPTY", ""));
  }

  private Container service(String name, Path... paths) throws UnreadableFileException {
    return read(paths).service(name).orElseThrow();
  }

  private static String image(Container container) {
    SourceText image = container.image();
    return image == null ? "" : image.value();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "${FROM_SHELL};shell",
        "$FROM_SHELL;shell",
        "a$FROM_SHELL-b;ashell-b",
        "${FROM_FILE};file words",
        "${UNSET};${UNSET}",
        "$UNSET;${UNSET}",
        "${UNSET:-x};x",
        "${UNSET-x};x",
        "${EMPTY:-x};x",
        "${EMPTY-x};''",
        "${FROM_SHELL:-x};shell",
        "${FROM_SHELL:+x};x",
        "${UNSET:+x};''",
        "${EMPTY+x};x",
        "${FROM_SHELL:?needed};shell",
        "${UNSET:?needed};${UNSET}",
        "${UNSET:-${FROM_SHELL}};shell",
        "${UNSET:-${EMPTY:-y}};y",
        "$$HOME;$HOME",
        "$${UNSET};${UNSET}",
        "${unclosed;${unclosed",
        "100%$;100%$"
      })
  void variables_are_put_in(String written, String meant) throws UnreadableFileException {
    write(directory, ".env", "FROM_SHELL=not this\nexport FROM_FILE='file words' # why\n");
    Path file = write(directory, "compose.yaml", "services: {a: {image: '" + written + "'}}");
    assertThat(image(service("a", file))).isEqualTo(meant);
  }

  @Test
  void extends_in_the_same_and_another_file() throws UnreadableFileException {
    write(
        directory,
        "base/common.yaml",
        """
        services:
          root: {image: base, environment: [A=1, B=1], volumes: ["data:/data"], command: [one, two]}
          middle: {extends: root, environment: {B: 2}}
        """);
    Path file =
        write(
            directory,
            "compose.yaml",
            """
            services:
              web:
                extends: {file: base/common.yaml, service: middle}
                environment: [C=3]
                volumes: ["./other:/data"]
                command: three
              twin: {extends: web, image: twin}
            """);
    Container web = service("web", file);
    assertThat(image(web)).isEqualTo("base");
    assertThat(web.environment().stream().map(v -> v.name() + v.known()).toList())
        .containsExactly("A1", "B2", "C3");
    assertThat(web.words()).containsExactly("three");
    assertThat(web.storage().mounts()).extracting(Mount::type).containsExactly(MountType.HOST);
    assertThat(image(service("twin", file))).isEqualTo("twin");
    assertThat(service("twin", file).words()).containsExactly("three");
  }

  @Test
  void hooks_of_newer_versions_are_no_error() throws UnreadableFileException {
    Path file =
        write(
            directory,
            "compose.yaml",
            """
            services:
              web:
                image: web
                pre_start:
                  - {image: web, command: [migrate], per_replica: false}
                post_start:
                  - {command: ./after.sh, user: root, privileged: true, environment: [A=1]}
                pre_stop: [{command: [./before.sh, now]}]
              job: {extends: web, post_start: [{command: other}]}
            """);
    Path override =
        write(directory, "compose.override.yaml", "services: {web: {pre_start: [{command: x}]}}\n");
    assertThat(image(service("job", file))).isEqualTo("web");
    assertThat(image(service("web", file, override))).isEqualTo("web");
  }

  @Test
  void a_file_is_parsed_once_for_all_services_and_projects() throws UnreadableFileException {
    String extending =
        "services: {a: {extends: {file: c.yaml, service: s}}, b: {extends: {file: c.yaml, service: s}}}";
    Path one = write(directory, "one.yaml", extending);
    Path two = write(directory, "two.yaml", extending);
    Path common = write(directory, "c.yaml", "services: {s: {image: common}}");
    ComposeProjects files = parse(one, two);
    read(files.projects(false).getFirst(), files);
    for (Path file : List.of(one, two, common)) {
      write(directory, directory.relativize(file).toString(), "no longer YAML: [");
    }
    for (List<ComposeFile> project : files.projects(false)) {
      assertThat(read(project, files).containers())
          .extracting(ComposeTest::image)
          .containsExactly("common", "common");
    }
  }

  @Test
  void files_are_laid_over_each_other() throws UnreadableFileException {
    Path base =
        write(
            directory,
            "compose.yaml",
            """
            services:
              web:
                image: one
                ports: ["80:80"]
                depends_on: [db]
                environment: {A: base, B: base}
                deploy: {replicas: 1, resources: {limits: {memory: 1g}}}
              db: {image: "postgres:18", ports: ["5432:5432"]}
            """);
    Path over =
        write(
            directory,
            "compose.override.yaml",
            """
            services:
              web:
                ports: ["443:443"]
                depends_on: {db: {condition: service_healthy}}
                environment: [B=over]
                deploy: {replicas: 3}
              db: {ports: !reset []}
            """);
    Container web = service("web", base, over);
    assertThat(web.ports()).hasSize(2);
    assertThat(web.dependencies())
        .singleElement()
        .hasToString(web.dependencies().getFirst().toString());
    assertThat(web.dependencies().getFirst().condition()).isEqualTo("service_healthy");
    assertThat(web.environment().stream().map(v -> v.name() + v.known()).toList())
        .containsExactly("Abase", "Bover");
    assertThat(web.replicas().most()).isEqualTo(3);
    assertThat(web.memory()).isNotNull();
    assertThat(service("db", base, over).ports()).isEmpty();
  }

  @Test
  void override_files_are_found_and_variants_are_laid_over_their_base() {
    write(
        directory,
        "compose.yaml",
        "services:\n  web: {image: a, environment: {U: 'sqlite:///a.db'}}\n  db: {image: 'postgres:18'}\n");
    write(directory, "compose.override.yaml", "services: {web: {deploy: {replicas: 2}}}\n");
    assertThat(Checked.brief(Checked.files(directory))).contains("error sqlite-replicas 2");
    write(directory, "compose.override.yaml", "services: {web: {deploy: {replicas: 1}}}\n");
    assertThat(Checked.brief(Checked.files(directory))).doesNotContain("error sqlite-replicas 2");
    write(directory, "compose.prod.yaml", "services: {web: {deploy: {replicas: 2}}}\n");
    assertThat(Checked.brief(Checked.files(directory))).contains("error sqlite-replicas 2");
  }

  @Test
  void the_name_of_a_directory_is_no_part_of_a_files_name() {
    Path inside = directory.resolve("compose-files/stack.old/shop");
    write(
        inside, "compose.yaml", "services: {web: {image: a, environment: {U: 'sqlite:///a.db'}}}");
    write(inside, "compose.override.yaml", "services: {web: {deploy: {replicas: 2}}}\n");
    assertThat(Checked.brief(Checked.files(inside))).contains("error sqlite-replicas 1");
  }

  @Test
  void all_files_are_one_project_if_told_so() {
    Path a =
        write(
            directory,
            "one.yaml",
            "services: {web: {image: a, environment: {U: 'sqlite:///a.db'}}}\n");
    Path b = write(directory, "two.yaml", "services: {web: {deploy: {replicas: 2}}}\n");
    List<String> names = List.of(a.toString(), b.toString());
    assertThat(Checked.brief(Checked.CHECK.check(names, Checked.options("", true))))
        .contains("error sqlite-replicas 1");
    assertThat(Checked.brief(Checked.CHECK.check(names, Checked.options("", false)))).isEmpty();
  }

  @Test
  void variables_come_from_files_and_anchors_too() throws UnreadableFileException {
    write(directory, "a.env", "# comment\nA=from a\nB=from a\n");
    write(directory, "b.env", "B=\"from b\"\n");
    Path file =
        write(
            directory,
            "compose.yaml",
            """
            x-env: &env {C: anchor, D: anchor}
            services:
              web:
                image: a
                env_file: [a.env, {path: b.env, required: false}, missing.env]
                environment:
                  <<: *env
                  D: own
            """);
    assertThat(
            service("web", file).environment().stream()
                .map(v -> v.name() + "=" + v.known())
                .toList())
        .containsExactlyInAnyOrder("A=from a", "B=from b", "C=anchor", "D=own");
  }

  @Test
  void other_files_are_included() throws UnreadableFileException {
    write(directory, "db/compose.yaml", "services: {db: {image: 'postgres:18'}}\n");
    Path file =
        write(
            directory, "compose.yaml", "include: [db/compose.yaml]\nservices: {web: {image: a}}\n");
    assertThat(read(file).containers()).hasSize(2);
  }

  @Test
  void short_and_long_volumes_mean_the_same() throws UnreadableFileException {
    Path file =
        write(
            directory,
            "compose.yaml",
            """
            services:
              a:
                image: a
                volumes:
                  - named:/a
                  - ./path:/b:ro
                  - /c
                  - 'C:\\data:/d'
                  - {type: tmpfs, target: /e}
                  - {type: bind, source: /srv, target: /f}
                  - {type: volume, target: /g}
                tmpfs: /h:size=1m
            """);
    assertThat(
            service("a", file).storage().mounts().stream().map(m -> m.type() + m.target()).toList())
        .containsExactly(
            "VOLUME/a",
            "HOST/b",
            "ANONYMOUS/c",
            "HOST/d",
            "TMPFS/e",
            "HOST/f",
            "ANONYMOUS/g",
            "TMPFS/h");
  }

  /** Compose takes one of the two, and warns; whichever it is has been checked. */
  @Test
  void both_of_two_override_files_are_checked() {
    write(directory, "compose.yaml", "services: {web: {image: a}, db: {image: postgres}}\n");
    write(directory, "compose.override.yaml", "services: {db: {ports: ['5432:5432']}}\n");
    write(
        directory,
        "compose.override.yml",
        "services: {db: {environment: {POSTGRES_PASSWORD: s3cr3t-x}}}\n");
    assertThat(Checked.brief(Checked.files(directory)))
        .anyMatch(found -> found.contains("database-port"))
        .anyMatch(found -> found.contains("inline-credentials"));
  }

  @Test
  void file_that_is_extended_from_the_directory_above_has_its_own_name() {
    Path common =
        write(
            directory,
            "common.yaml",
            "services:\n  db:\n    image: postgres\n    ports: ['5432:5432']\n");
    Path compose =
        write(
            directory,
            "a/compose.yaml",
            "services: {db: {extends: {file: ../common.yaml, service: db}}}\n");
    assertThat(Checked.files(compose).findings())
        .extracting(found -> found.finding().location().file())
        .contains(common.toString());
  }

  @Test
  void file_that_is_named_in_two_spellings_is_checked_once() {
    Path compose =
        write(
            directory, "compose.yaml", "services: {db: {image: postgres, ports: ['5432:5432']}}\n");
    assertThat(
            Checked.brief(
                Checked.files(compose, directory.resolve("./x/../compose.yaml"), directory)))
        .isEqualTo(Checked.brief(Checked.files(compose)));
  }
}
