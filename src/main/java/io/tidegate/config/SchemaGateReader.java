package io.tidegate.config;

import io.tidegate.config.Declarations.Declared;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.schema.HistoryGate;
import io.tidegate.schema.SchemaTool;
import io.tidegate.target.Changelog;
import io.tidegate.target.EngineTraits;
import io.tidegate.target.EngineTraits.ChangelogKind;
import io.tidegate.target.SchemaGate;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what is declared of the tool that keeps a target's schema, and that tool's folder. */
final class SchemaGateReader {
  private static final List<Key<?>> DETAILS =
      List.of(
          Keys.SCHEMA_REVISION,
          Keys.SCHEMA_DIRECTORY,
          Keys.SCHEMA_AHEAD,
          Keys.SCHEMA_HISTORY_TABLE);

  private final Declarations declarations;
  private final Problems problems;

  SchemaGateReader(Declarations declarations, Problems problems) {
    this.declarations = declarations;
    this.problems = problems;
  }

  /** What a schema newer than needed is taken for. */
  enum Ahead {
    /** Ready: in a rolling deploy old pods see what the new version migrated. */
    ACCEPT,
    /** Not ready. */
    REFUSE
  }

  /**
   * The gate of a target; null: none is declared, or it cannot be used, which is noted.
   *
   * @param changelog what Tidegate itself applies to the target
   * @param traits of the target's engine; null: its URL cannot be used
   */
  @Nullable SchemaGate read(
      String target, @Nullable Changelog changelog, @Nullable EngineTraits traits) {
    Declared declared = declarations.find(Keys.SCHEMA_TOOL, target);
    if (declared == null) {
      DETAILS.stream()
          .flatMap(key -> Stream.ofNullable(declarations.find(key, target)))
          .forEach(detail ->
              problems.add(
                  detail.origin(),
                  "says how far a schema must be, and no tool is declared that keeps it",
                  "Set %s too".formatted(Keys.SCHEMA_TOOL.variable(target))));
      return null;
    }
    if (changelog != null) {
      problems.add(
          declared.origin(),
          "another tool keeps the schema of %s, to which a changelog is applied".formatted(target),
          "Take one of the two out: a changelog is for Tidegate to apply, a tool applies its own");
    }
    if (traits != null && traits.changelogs() != ChangelogKind.SQL) {
      problems.add(
          declared.origin(),
          "%s is %s, which has no history of migrations in SQL".formatted(target, traits.name()),
          "Set it on the target that the tool migrates");
    }
    SchemaTool tool = declarations.getOrNull(Keys.SCHEMA_TOOL, target);
    return tool == null ? null : gate(target, declared, tool);
  }

  private @Nullable SchemaGate gate(String target, Declared declared, SchemaTool tool) {
    Declared revision = declarations.find(Keys.SCHEMA_REVISION, target);
    Declared directory = declarations.find(Keys.SCHEMA_DIRECTORY, target);
    if ((revision == null) == (directory == null)) {
      problems.add(
          declared.origin(),
          revision == null
              ? "names a tool, and not how far it must have come"
              : "has both a revision and a directory that say how far the tool must have come",
          "Set either %s or %s"
              .formatted(
                  Keys.SCHEMA_REVISION.variable(target), Keys.SCHEMA_DIRECTORY.variable(target)));
      return null;
    }
    boolean refusesAhead = declarations.get(Keys.SCHEMA_AHEAD, target) == Ahead.REFUSE;
    String table = declarations.getOrNull(Keys.SCHEMA_HISTORY_TABLE, target);
    if (table != null && Arrays.stream(table.split("\\.", -1)).anyMatch(String::isBlank)) {
      problems.add(
          declarations.origin(Keys.SCHEMA_HISTORY_TABLE, target),
          "names no table",
          "Write its name, or schema.table");
      return null;
    }
    try {
      if (directory == null) {
        String revisions = declarations.getOrNull(Keys.SCHEMA_REVISION, target);
        return revisions == null
            ? null
            : HistoryGate.ofRevisions(tool, split(revisions), table, refusesAhead);
      }
      Path path = declarations.getOrNull(Keys.SCHEMA_DIRECTORY, target);
      return path == null || !TargetReader.checkReadable(path, directory.origin(), problems)
          ? null
          : HistoryGate.ofDirectory(tool, path, table, refusesAhead);
    } catch (ProblemException e) {
      Problem problem = e.problems().getFirst();
      String origin =
          declarations.origin(
              directory == null ? Keys.SCHEMA_REVISION : Keys.SCHEMA_DIRECTORY, target);
      problems.add(origin, problem.what(), problem.remedy());
      return null;
    }
  }

  private static List<String> split(String list) {
    return Arrays.stream(list.split(",", -1)).map(String::strip).toList();
  }
}
