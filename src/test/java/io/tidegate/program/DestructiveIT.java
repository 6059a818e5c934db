package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.sql.Changelogs;
import io.tidegate.migration.sql.Contender;
import io.tidegate.servers.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program itself does where pending statements destroy data. */
class DestructiveIT {
  private static final String DECISION = "TIDEGATE_TARGETS_DB_DESTRUCTIVE";

  @TempDir private Path changelog;
  @TempDir private Path other;

  @Test
  void the_owners_decision_holds_before_anything_runs() throws Exception {
    Changelogs.write(changelog, "001.sql", "CREATE TABLE users AS SELECT 1 AS id;");
    try (PostgresServer server = PostgresServer.started()) {
      server.createDatabase("app");
      Map<String, String> given = Contender.environment(server.url("app"), changelog);
      run(with(given, DECISION, "refuse"), 0, "init");

      Changelogs.write(changelog, "002.sql", "DROP TABLE users;");
      String refused = run(with(given, DECISION, "refuse"), 78, "init");
      assertThat(refused)
          .contains("002.sql", "drops the table users", DECISION + "_ACCEPTED: 002.sql@");

      Document planned = plan(given);
      assertThat(planned.getList("risks", Document.class).getFirst())
          .containsEntry("kind", "drop-table")
          .containsEntry("effect", "destructive")
          .containsEntry("table", "users")
          .containsEntry("column", null)
          .containsEntry("statement", "DROP TABLE users");
      assertThat(planned).containsEntry("moreRisks", 0);
      assertThat(refused).contains(planned.getString("acceptance"));
      assertThat(run(given, 0, "plan")).contains("-- DESTRUCTIVE: drops the table users");

      Path dump = Files.writeString(other.resolve("app.dump"), "rows");
      Map<String, String> backed =
          with(
              with(given, DECISION, "needs-backup"),
              "TIDEGATE_TARGETS_DB_BACKUP_DIRECTORY",
              other.toString());
      Files.setLastModifiedTime(dump, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
      assertThat(run(backed, 78, "migrate")).contains("no recent backup", "3 days old");
      Files.setLastModifiedTime(dump, FileTime.from(Instant.now()));
      assertThat(run(backed, 0, "migrate"))
          .contains("002.sql destroys data: drops the table users", "applied 002.sql");
    }
  }

  @Test
  void accepted_changeset_runs() throws Exception {
    Changelogs.write(changelog, "001.sql", "DELETE FROM users;");
    try (PostgresServer server = PostgresServer.started()) {
      server.createDatabase("app");
      server.execute("app", "CREATE TABLE users AS SELECT 1 AS id");
      Map<String, String> given =
          with(Contender.environment(server.url("app"), changelog), DECISION, "refuse");
      run(given, 78, "init");
      String acceptance = plan(given).getString("acceptance");
      run(with(given, DECISION + "_ACCEPTED", "x@0123," + acceptance), 78, "init");
      run(with(given, DECISION + "_ACCEPTED", acceptance), 0, "init");
    }
  }

  @Test
  void start_with_nothing_pending_loads_nothing_of_the_parser() throws Exception {
    Changelogs.write(changelog, "001.sql", "CREATE TABLE users AS SELECT 1 AS id;");
    Changelogs.write(changelog, "002.sql", "DROP TABLE users;");
    Path loaded = other.resolve("classes.log");
    try (PostgresServer server = PostgresServer.started()) {
      server.createDatabase("app");
      Map<String, String> given = Contender.environment(server.url("app"), changelog);
      String log = "-Xlog:class+load:file=" + loaded;
      run(with(given, "JDK_JAVA_OPTIONS", "-XX:AOTMode=off " + log), 0, "init");
      assertThat(Files.readString(loaded)).contains("io.tidegate.migration.sql.PendingRisks");
      Files.delete(loaded);
      run(with(given, "JDK_JAVA_OPTIONS", "-XX:AOTMode=off " + log), 0, "init");
      assertThat(Files.readString(loaded))
          .contains("io.tidegate.migration.sql.SqlMigrator")
          .doesNotContain(
              "net.sf.jsqlparser",
              "io.tidegate.migration.sql.PendingRisks",
              "io.tidegate.migration.risk.");
      Files.delete(loaded);
      run(with(given, "JDK_JAVA_OPTIONS", log), 0, "init");
      assertThat(Files.readString(loaded))
          .as("with a cache of classes, which holds what a migration of an empty database loads")
          .doesNotContain("net.sf.jsqlparser");
    }
  }

  private static Map<String, String> with(Map<String, String> given, String key, String value) {
    Map<String, String> more = new HashMap<>(given);
    more.put(key, value);
    return more;
  }

  private static Document plan(Map<String, String> environment) {
    List<String> standardOutput = List.of("sh", "-c", "exec \"$@\" 2>/dev/null", "sh");
    try (TidegateProcess process =
        TidegateProcess.startBy(standardOutput, environment, "plan", "--format=json")) {
      assertThat(process.exitCode()).as(process.output()).isZero();
      return Document.parse(process.output())
          .getList("migrations", Document.class)
          .getFirst()
          .getList("changesets", Document.class)
          .getFirst();
    }
  }

  private static String run(Map<String, String> environment, int exit, String command) {
    try (TidegateProcess process = TidegateProcess.start(environment, command)) {
      assertThat(process.exitCode()).as(process.output()).isEqualTo(exit);
      return process.output();
    }
  }
}
