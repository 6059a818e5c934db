package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.sql.Changelogs;
import io.tidegate.migration.sql.Contender;
import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.PostgresServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What three commands print for programs, taken from their standard output alone. */
class MigrationReportIT {
  private static final int PENDING = 3;
  private static final int CHANGED = 65;

  /** Leaves the log out, and is replaced by the program. */
  private static final List<String> STANDARD_OUTPUT =
      List.of("sh", "-c", "exec \"$@\" 2>/dev/null", "sh");

  @TempDir private Path changelog;

  @Test
  void reports_on_postgresql_are_one_document_at_every_stage() {
    Changelogs.write(changelog, "001.sql", "CREATE TABLE a (id int);");
    Changelogs.write(changelog, "002.sql", "INSERT INTO a VALUES (1); -- \"quoted\\\"");
    try (PostgresServer server = PostgresServer.started()) {
      server.createDatabase("app");
      Map<String, String> environment = Contender.environment(server.url("app"), changelog);
      Document before = report(environment, PENDING, "status", "--exit-code");
      assertThat(before.getString("target")).isEqualTo("db");
      assertThat(before.getString("url"))
          .isEqualTo("postgresql://127.0.0.1:%d/app".formatted(server.port()));
      assertThat(changesets(before, "pending")).containsExactly("001.sql", "002.sql");
      assertThat(changesets(before, "applied")).isEmpty();
      assertThat(before).containsEntry("holder", null);
      report(environment, 0, "status");

      List<Document> planned = list(report(environment, 0, "plan"), "changesets");
      assertThat(planned)
          .extracting(one -> one.get("changeset"))
          .containsExactly("001.sql", "002.sql");
      assertThat(planned.get(0).getString("text"))
          .contains("CREATE TABLE a (id int);")
          .doesNotContain("INSERT INTO a");
      assertThat(planned.get(1).getString("text")).contains("INSERT INTO a VALUES (1)");

      exit(environment, 0, "init");
      Document after = report(environment, 0, "status", "--exit-code");
      assertThat(changesets(after, "pending")).isEmpty();
      Document first = list(after, "applied").getFirst();
      assertThat(first)
          .containsEntry("path", "001.sql")
          .containsEntry("id", "001.sql")
          .containsEntry("author", "tidegate")
          .containsEntry("checksum", planned.getFirst().get("checksum"));
      assertThat(Instant.parse(first.getString("at"))).isBefore(Instant.now());
      assertThat(list(report(environment, 0, "plan"), "changesets")).isEmpty();

      Changelogs.write(changelog, "001.sql", "CREATE TABLE b (id int);");
      assertThat(changesets(report(environment, CHANGED, "status", "--exit-code"), "changed"))
          .containsExactly("001.sql");
    }
  }

  @Test
  void what_is_adopted_is_one_document() {
    Changelogs.write(changelog, "001.sql", "CREATE TABLE a (id int);");
    Changelogs.write(changelog, "002.sql", "INSERT INTO a VALUES (1);");
    try (PostgresServer server = PostgresServer.started()) {
      server.createDatabase("app");
      server.execute("app", "CREATE TABLE a (id int)");
      Map<String, String> environment = Contender.environment(server.url("app"), changelog);
      Document shown = report(environment, 0, "adopt", "--dry-run", "--to", "001.sql");
      assertThat(shown).containsEntry("target", "db").containsEntry("dryRun", true);
      assertThat(changesets(shown, "recorded")).containsExactly("001.sql");
      Document adopted = report(environment, 0, "adopt");
      assertThat(adopted).containsEntry("dryRun", false);
      assertThat(changesets(adopted, "recorded")).containsExactly("001.sql", "002.sql");
      assertThat(list(adopted, "recorded").getFirst())
          .containsOnlyKeys("changeset", "path", "id", "author")
          .containsEntry("author", "tidegate");
      assertThat(changesets(report(environment, 0, "adopt"), "recorded")).isEmpty();
    }
  }

  @Test
  void reports_on_mongodb_are_one_document_without_passwords() {
    Changelogs.write(changelog, "001.json", "{\"create\": \"a\"}");
    try (MongoWireServer server = MongoWireServer.started()) {
      Map<String, String> environment = Contender.environment(server.url("app"), changelog);
      exit(environment, 0, "init");
      Changelogs.write(
          changelog, "002.json", "{\"createUser\": \"u\", \"pwd\": \"hunter22\", \"roles\": []}");
      Document status = report(environment, PENDING, "status", "--exit-code");
      assertThat(changesets(status, "applied")).containsExactly("001.json");
      assertThat(changesets(status, "pending")).containsExactly("002.json");
      assertThat(changesets(status, "interrupted")).isEmpty();
      assertThat(list(status, "applied").getFirst().getString("checksum")).isNotEmpty();

      Document planned = list(report(environment, 0, "plan"), "changesets").getFirst();
      assertThat(planned)
          .containsEntry("changeset", "002.json")
          .containsEntry("checksum", list(status, "pending").getFirst().get("checksum"));
      assertThat(planned.getString("text")).contains("createUser").doesNotContain("hunter22");
    }
  }

  @Test
  void failure_prints_nothing_on_standard_output() {
    Changelogs.write(changelog, "001.sql", "CREATE TABLE a (id int);");
    Map<String, String> nobody =
        Contender.environment("postgresql://app:secret-1@127.0.0.1:1/app", changelog);
    assertThat(exit(nobody, 69, "status", "--format", "json")).isEmpty();
  }

  /** The only migration of the document that a command prints. */
  private static Document report(Map<String, String> environment, int exit, String... args) {
    String[] json = Arrays.copyOf(args, args.length + 1);
    json[args.length] = "--format=json";
    String text = exit(environment, exit, json);
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
      while (parser.nextToken() != null) {
        // Reads to the end.
      }
    }
    List<Document> migrations = list(Document.parse(text), "migrations");
    assertThat(migrations).hasSize(1);
    return migrations.getFirst();
  }

  private static String exit(Map<String, String> environment, int exit, String... args) {
    try (TidegateProcess process = TidegateProcess.startBy(STANDARD_OUTPUT, environment, args)) {
      assertThat(process.exitCode()).as(process.output()).isEqualTo(exit);
      return process.output();
    }
  }

  private static List<Object> changesets(Document migration, String name) {
    return list(migration, name).stream().map(one -> one.get("changeset")).toList();
  }

  private static List<Document> list(Document document, String name) {
    return document.getList(name, Document.class);
  }
}
