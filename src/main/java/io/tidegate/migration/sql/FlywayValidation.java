package io.tidegate.migration.sql;

import io.tidegate.migration.sql.FlywayFile.Kind;
import io.tidegate.migration.sql.FlywayState.Row;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.ToolFolder.ToolFile;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code flyway validate} and {@code flyway migrate} would refuse, and what cannot be kept here as
 * Flyway means it.
 *
 * @param hasHistory whether there is a table of Flyway's, or is going to be
 */
record FlywayValidation(
    SqlSession session,
    FlywayFiles files,
    FlywayState state,
    boolean hasHistory,
    SchemaComparison comparison) {
  /** All that keeps a run from going on. */
  List<Problem> problems(IntentStore intents) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    for (Row row : state.unknown()) {
      problems.add(
          problem(
              "%s has a row of the type %s, whose meaning is not kept here"
                  .formatted(row.name(), row.type()),
              "Go on with Flyway; migrations in Java, scripts and undo are its own"));
    }
    problems.addAll(failed(intents));
    problems.addAll(withoutHistory());
    problems.addAll(withoutFile());
    problems.addAll(changed());
    problems.addAll(outOfOrder());
    problems.addAll(mixed());
    return problems;
  }

  /** Where an intent is kept of the same migration, that says more. */
  private List<Problem> failed(IntentStore intents) throws SQLException {
    List<String> interrupted =
        intents.open().stream().map(i -> FlywayFile.key(i.changeset().id())).toList();
    return state.failed().stream()
        .filter(row -> !interrupted.contains(row.key()) && !isFuture(row))
        .map(row ->
            problem(
                "%s was begun and has not ended: its row says success = false"
                    .formatted(row.name()),
                "Look how far it came, undo it by hand, and run: flyway repair"))
        .toList();
  }

  /** Flyway takes no schema for empty that is not, and none for its own that it has not migrated. */
  private List<Problem> withoutHistory() throws SQLException {
    if (comparison.pending().isEmpty() || !session.place().exists() || hasHistory) {
      return List.of();
    }
    List<String> objects = new ArrayList<>();
    try (Statement statement = session.connection().createStatement();
        ResultSet row = statement.executeQuery(session.objectsQuery())) {
      while (row.next()) {
        objects.add(row.getString(1));
      }
    }
    objects.removeIf(name -> name.startsWith("tidegate_"));
    if (objects.isEmpty()) {
      return List.of();
    }
    return List.of(
        problem(
            "Flyway has not migrated this database, and it is not empty: there is %s"
                .formatted(objects.stream().sorted().limit(5).collect(Collectors.joining(", "))),
            "Say which versions it holds already: tidegate adopt --to <version>, or flyway baseline"
                + " -baselineVersion=<version>; or name the tool that has migrated it as the target's"
                + " format"));
  }

  /** A version above all in the folder is a newer release's. */
  private boolean isFuture(Row row) {
    String version = row.version();
    return version != null && files.isBelow(version);
  }

  private List<Problem> withoutFile() {
    String newest = state.newest();
    boolean older = newest != null && files.isBelow(newest);
    Set<String> known = files.byKey().keySet();
    return state.applied().entrySet().stream()
        .filter(applied -> !known.contains(applied.getKey()))
        .map(Map.Entry::getValue)
        .filter(row -> row.version() == null ? !older : !isFuture(row))
        .map(row ->
            problem(
                "Flyway has applied %s (%s), and the folder has no such migration"
                    .formatted(row.name(), row.script()),
                "Put its file back into the folder; or, if it is gone for good, run: flyway repair"))
        .toList();
  }

  /** What is in a baseline is not compared. */
  private List<Problem> changed() {
    List<Problem> problems = new ArrayList<>();
    files
        .byKey()
        .forEach((key, file) -> {
          Row row = state.applied().get(key);
          if (row != null && files.isOfUnreplaced(file, row)) {
            problems.add(
                problem(
                    "%s ran without its placeholders being replaced, and now they are"
                        .formatted(file.name()),
                    "Set the target's flyway.placeholder-replacement=false; or, if what ran is what is"
                        + " meant, run: flyway repair"));
          }
          String baseline = state.baseline();
          if (row == null
              || row.version() == null
              || (baseline != null && FlywayFile.compareVersions(row.version(), baseline) <= 0)) {
            return;
          }
          if (!files.isUnchanged(file, row)) {
            problems.add(
                problem(
                    "%s was changed after it was applied: the history has the checksum %s, it has %d"
                        .formatted(file.name(), row.checksum(), files.checksum(file)),
                    "Restore it as it was, and put the change into a new file; or, if both mean the"
                        + " same, run: flyway repair"));
          } else if (!row.description().equals(FlywayFiles.migration(file).description())) {
            problems.add(
                problem(
                    "%s was applied under another description: %s"
                        .formatted(file.name(), row.script()),
                    "Give it that name again; or run: flyway repair"));
          }
        });
    return problems;
  }

  private List<Problem> outOfOrder() {
    String newest = state.newest();
    if (newest == null) {
      return List.of();
    }
    return pendingFiles()
        .filter(file -> FlywayFiles.migration(file).kind() == Kind.VERSIONED)
        .filter(file -> FlywayFile.compareVersions(file.version(), newest) < 0)
        .map(file ->
            problem(
                "%s was not applied, and version %s behind it was".formatted(file.name(), newest),
                "Give the file a version behind %s, or apply it with flyway migrate -outOfOrder=true"
                    .formatted(newest)))
        .toList();
  }

  /** Flyway refuses a file of which a part cannot run in a transaction. */
  private List<Problem> mixed() throws SQLException {
    List<Problem> problems = new ArrayList<>();
    for (ToolFile file : pendingFiles().toList()) {
      try (Reader text = files.open(file)) {
        int line = ToolFolder.mixedLine(text, session);
        if (line > 0) {
          problems.add(
              new Problem(
                  ExitCode.CHANGELOG,
                  "of these statements this one cannot run in a transaction, or only this one can",
                  folder().resolve(file.name()) + ", line " + line,
                  "Put it into a file of its own"));
        }
      } catch (ScriptException e) {
        // What cannot be taken apart is refused for that before it runs.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return problems;
  }

  private Stream<ToolFile> pendingFiles() {
    return comparison.pending().stream()
        .map(SchemaComparison::id)
        .map(files::file)
        .flatMap(Optional::stream);
  }

  private Path folder() {
    return files.folder().get().folder();
  }

  private Problem problem(String what, String remedy) {
    return new Problem(
        ExitCode.CHANGELOG, what, SupportedTool.FLYWAY.table() + ", folder " + folder(), remedy);
  }
}
