package io.tidegate.manifest;

import static io.tidegate.manifest.Checked.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.report.CheckReport.ReportFormat;
import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.manifest.rules.FileRule.FileFinding;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * SQLite in the configuration files of an app with three replicas. The tables under {@code
 * check/sqlite-files} are from the documentation of the frameworks they name.
 */
@Timeout(300)
class SqliteFilesTest {
  private static final String URL = "spring.datasource.url=jdbc:sqlite:/data/app.db\n";

  @TempDir Path directory;

  /** A row of a table: where in the file it is found, or 0. */
  record Row(String name, String file, int line, String text) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Row> found() throws IOException {
    return rows("found");
  }

  static Stream<Row> none() throws IOException {
    return rows("none");
  }

  private static Stream<Row> rows(String table) throws IOException {
    Path path = Path.of("src/test/resources/check/sqlite-files", table + ".yaml");
    List<Row> rows = new ArrayList<>();
    for (Object document :
        new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(Files.readString(path))) {
      Map<?, ?> row = (Map<?, ?>) document;
      int line = row.get("line") instanceof Integer number ? number : 0;
      rows.add(
          new Row(
              String.valueOf(row.get("name")),
              String.valueOf(row.get("file")),
              line,
              String.valueOf(row.get("text"))));
    }
    return rows.stream();
  }

  @ParameterizedTest
  @MethodSource("found")
  void found_in_a_mounted_file(Row row) {
    write(directory, row.file(), row.text());
    assertThat(mounted(row.file()))
        .singleElement()
        .asString()
        .startsWith("ERROR " + row.file() + ":" + row.line() + ":")
        .contains(" in /app/" + row.file() + " is ");
  }

  @ParameterizedTest
  @MethodSource("found")
  void found_in_a_config_map(Row row) {
    String manifest = configMap(row);
    int first = 1 + (int) manifest.substring(0, manifest.indexOf("    | ")).lines().count();
    assertThat(sqlite(Checked.stdin(manifest.replace("    | ", "      "))))
        .singleElement()
        .asString()
        .startsWith("ERROR -:" + (first + row.line() - 1) + ":");
  }

  @ParameterizedTest
  @MethodSource("none")
  void not_found(Row row) {
    write(directory, row.file(), row.text());
    assertThat(mounted(row.file())).isEmpty();
    assertThat(sqlite(Checked.stdin(configMap(row).replace("    | ", "      ")))).isEmpty();
  }

  /** The lines of the file begin with a mark, by which the first of them is found. */
  private static String configMap(Row row) {
    StringBuilder block = new StringBuilder();
    row.text().lines().forEach(line -> block.append("    | ").append(line).append('\n'));
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: web}
    data:
      other.txt: |
        nothing
      %s: |
    %s---
    %s\
    """
        .formatted(row.file(), block, deployment("configMap: {name: web}"));
  }

  private static String deployment(String volume) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 3
      template:
        spec:
          volumes: [{name: config, %s}]
          containers:
            - name: web
              image: app
              env: [{name: GF_SETTINGS_TYPE, value: postgres}]
              volumeMounts:
                - {name: config, mountPath: /app}
    """
        .formatted(volume);
  }

  private List<String> mounted(String file) {
    return mounted("./" + file + ":/app/" + file + ":ro", "");
  }

  private List<String> mounted(String volume, String more) {
    write(
        directory,
        "compose.yaml",
        """
        services:
          web:
            image: app
            environment: {GF_SETTINGS_TYPE: postgres}
            deploy: {replicas: 3}
            volumes: ["%s"]
        %s\
        """
            .formatted(volume, more));
    return sqlite(Checked.files(directory.resolve("compose.yaml")));
  }

  private List<String> sqlite(CheckReport report) {
    assertThat(report.notes()).isEmpty();
    return report.findings().stream()
        .map(ReportedFinding::finding)
        .filter(finding -> finding.rule().id().equals("sqlite-replicas"))
        .map(this::words)
        .toList();
  }

  private String words(FileFinding finding) {
    return "%s %s %s"
        .formatted(finding.severity(), finding.location(), finding.evidence())
        .replace(directory + "/", "");
  }

  @Test
  void configs_of_compose_in_every_form() {
    write(directory, "conf/application.properties", "a=b\n" + URL);
    Path compose =
        write(
            directory,
            "compose.yaml",
            """
            services:
              short: {image: app, scale: 3, configs: [application.yml]}
              long:
                image: app
                scale: 3
                configs: [{source: props, target: /etc/app/application.properties}]
              unused: {image: app, scale: 3}
            configs:
              application.yml:
                content: |
                  spring:
                    datasource:
                      url: jdbc:sqlite:/data/app.db
              props: {file: ./conf/application.properties}
            """);
    assertThat(sqlite(Checked.files(compose)))
        .containsExactlyInAnyOrder(
            "ERROR compose.yaml:13:11 spring.datasource.url in /application.yml is"
                + " jdbc:sqlite:/data/app.db; scale is 3",
            "ERROR conf/application.properties:2:1 spring.datasource.url in"
                + " /etc/app/application.properties is jdbc:sqlite:/data/app.db; scale is 3");
  }

  @Test
  void a_config_map_of_which_another_file_is_mounted() {
    String map =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: web}
        data:
          a: "spring.datasource.url=jdbc:sqlite:/data/app.db"
          b: "server.port=80"
        ---
        """;
    String items = "configMap: {name: web, items: [{key: %s, path: application.properties}]}";
    assertThat(sqlite(Checked.stdin(map + deployment(items.formatted("b"))))).isEmpty();
    assertThat(sqlite(Checked.stdin(map + deployment(items.formatted("a")))))
        .containsExactly(
            "ERROR -:5:7 spring.datasource.url in /app/application.properties is"
                + " jdbc:sqlite:/data/app.db; spec.replicas is 3");
    assertThat(
            sqlite(
                Checked.stdin(
                    map
                        + deployment(
                            "projected: {sources: [{%s}]}".formatted(items.formatted("a"))))))
        .hasSize(1);
    assertThat(sqlite(Checked.stdin(map + deployment("configMap: {name: other}")))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"secret: {secretName: web}", "projected: {sources: [{secret: {name: web}}]}"})
  void a_secret_is_told_by_where_it_is_mounted(String volume) {
    String encoded = Base64.getEncoder().encodeToString(URL.getBytes(StandardCharsets.UTF_8));
    for (String data :
        List.of(
            "data: {application.properties: " + encoded + "}",
            "stringData: {application.properties: '" + URL.strip() + "'}")) {
      CheckReport report =
          Checked.stdin(
              deployment(volume)
                  + "---\n{apiVersion: v1, kind: Secret, metadata: {name: web}, "
                  + data
                  + "}\n");
      assertThat(sqlite(report)).singleElement().asString().startsWith("ERROR -:14:15 ");
      assertThat(Checked.in(ReportFormat.TEXT, report)).doesNotContain(encoded);
    }
  }

  @Test
  void one_replica_is_no_matter() {
    write(directory, "application.properties", URL);
    write(
        directory,
        "compose.yaml",
        "services: {web: {image: app, volumes: ['./application.properties:/application.properties']}}\n");
    assertThat(sqlite(Checked.files(directory))).isEmpty();
  }

  @Test
  void a_finding_is_accepted_beside_the_service() {
    write(directory, "application.properties", URL);
    Path compose =
        write(
            directory,
            "compose.yaml",
            """
            services:
              web: # tidegate: accept sqlite-replicas each has its own cache
                image: app
                scale: 3
                volumes: ["./application.properties:/app/application.properties"]
            """);
    CheckReport report = Checked.files(compose);
    assertThat(sqlite(report)).isEmpty();
    assertThat(report.accepted()).hasSize(1);
  }

  @Test
  void nothing_outside_of_the_folder_is_read() throws IOException {
    Path outside = write(directory, "outside/application.properties", URL);
    Path inside = directory.resolve("inside");
    write(inside, "real.properties", URL);
    Files.createSymbolicLink(inside.resolve("link.properties"), outside);
    Files.createSymbolicLink(inside.resolve("folder"), outside.getParent());
    Files.createSymbolicLink(inside.resolve("near.properties"), Path.of("real.properties"));
    Files.createSymbolicLink(inside.resolve("round.properties"), Path.of("around.properties"));
    Files.createSymbolicLink(inside.resolve("around.properties"), Path.of("round.properties"));
    Path compose = inside.resolve("compose.yaml");
    for (String source :
        List.of(
            "../outside/application.properties",
            outside.toString(),
            "./link.properties",
            "./folder/application.properties",
            "./round.properties",
            "./missing.properties",
            "./folder",
            "/dev/zero")) {
      write(inside, "compose.yaml", service(source));
      assertThat(sqlite(Checked.files(compose))).as(source).isEmpty();
    }
    write(inside, "compose.yaml", service("./near.properties"));
    assertThat(sqlite(Checked.files(compose))).hasSize(1);
  }

  private static String service(String source) {
    return """
    services:
      web: {image: app, scale: 3, configs: [c], volumes: ["%s:/app/application.properties"]}
    configs: {c: {file: %s}}
    """
        .formatted(source, source);
  }

  @Test
  void large_files_and_files_that_are_no_text_are_passed_by() throws IOException {
    Path file = directory.resolve("application.properties");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(1L << 30);
    }
    assertThat(mounted("application.properties")).isEmpty();
    assertThat(mounted("./application.properties:/app/application.properties", "")).isEmpty();
    Files.delete(file);
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, '=', '\n'});
    assertThat(mounted("application.properties")).isEmpty();
    Files.writeString(file, "\u0000\u0001=\u0000\n" + URL);
    assertThat(mounted("application.properties")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[",
        "(",
        "a:{",
        "\"",
        "'",
        "a=",
        "a: ",
        "a:\n ",
        "- ",
        "<a ",
        "<a>",
        "<!--",
        "/*",
        "\\",
        "[a]\n",
        "a.",
        "]",
        "a='b' ",
        "x:'sqlite3',",
        "=",
        ":",
        "client: sqlite\n",
        " ",
        "\n",
        "$",
        "<a b=\""
      })
  void a_megabyte_of_anything_ends_soon(String piece) {
    String text = piece.repeat((1 << 20) / piece.length());
    for (String file :
        List.of("a.properties", "a.ini", "a.yml", "a.xml", "a.json", "a.py", "a.ts", ".env")) {
      write(directory, file, text);
      assertThat(mounted(file)).hasSizeLessThan(2);
    }
  }

  @Test
  void a_file_that_thousands_of_services_mount_ends_soon() {
    write(directory, "a.ts", "x:'sqlite3',".repeat(80_000));
    StringBuilder services = new StringBuilder("services:\n");
    for (int i = 0; i < 5_000; i++) {
      services.append("  s%d: {image: a, scale: 3, volumes: ['./a.ts:/a.ts']}\n".formatted(i));
    }
    Path compose = write(directory, "compose.yaml", services.toString());
    assertThat(sqlite(Checked.files(compose))).isEmpty();
  }

  @Test
  void aliases_of_a_large_block_end_soon() {
    String line = "      " + "x".repeat(1_000) + "\n";
    Path manifest =
        write(
            directory,
            "k8s.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  a: &a |\n"
                + "\n".repeat(1_000_000)
                + line.repeat(1_000)
                + "x-list: ["
                + "*a ,\n ".repeat(100_000)
                + "]\n");
    assertThat(sqlite(Checked.files(manifest))).isEmpty();
  }

  @Test
  void no_password_is_shown() {
    write(
        directory,
        "appsettings.json",
        "{\"ConnectionStrings\": {\"Db\": \"Data Source=app.db;Password=canary\"}}\n");
    assertThat(mounted("appsettings.json"))
        .singleElement()
        .asString()
        .contains("Data Source=app.db")
        .doesNotContain("canary");
  }
}
