package io.tidegate.migration.sql;

import io.tidegate.migration.sql.PlainFileCheck.Finding;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A folder of another migration tool: its files in that tool's order, and of each only what leads
 * forward. What the tool itself would refuse, or what cannot be kept as the tool means it, is refused.
 *
 * @param files those that run, in their order
 * @param leftOut the names of those that the tool passes over
 */
record ToolFolder(SupportedTool tool, Path folder, List<ToolFile> files, List<String> leftOut) {
  /** What dbmate's history keeps of a version. */
  private static final int LONGEST_VERSION = 128;

  /** What Flyway's history keeps of one. */
  private static final int LONGEST_FLYWAY_VERSION = 50;

  /**
   * One migration.
   *
   * @param version what the tool's history calls it
   */
  record ToolFile(String version, String name) {}

  /**
   * Reads the folder, but no file in it.
   *
   * @throws ProblemException with exit 65 if the tool would not take it
   */
  static ToolFolder of(SupportedTool tool, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw refused(
          folder,
          "this is a file, and %s keeps its migrations in a folder".formatted(tool.title()),
          "Name the folder as the changelog, or leave the format out");
    }
    FolderContent content =
        tool.searchesSubfolders()
            ? FolderContent.withSubfolders(folder)
            : FolderContent.inAnyOrder(folder);
    List<String> leftOut = new ArrayList<>(content.leftOut());
    List<ToolFile> files = new ArrayList<>();
    Map<String, String> versions = new HashMap<>();
    for (String name : content.files()) {
      Optional<String> version = tool.version(name);
      if (version.isPresent()) {
        refuseUnfit(tool, folder, name, version.get());
        String other = versions.putIfAbsent(tool.spelled(version.get()), name);
        if (other != null) {
          throw refused(
              folder,
              "the files %s and %s have one version for %s".formatted(other, name, tool.title()),
              "Give one of them another version; or, if they have none, another description");
        }
        files.add(new ToolFile(version.get(), name));
      } else if (!tool.leadsBack(name)) {
        leftOut.add(name);
      }
    }
    for (String name : leftOut) {
      if (tool.stumblesOver(name)) {
        throw refused(
            folder,
            tool == SupportedTool.FLYWAY
                ? "the file %s is a callback, a migration in another language than SQL, or one whose name Flyway does not take: it would not run here"
                    .formatted(name)
                : "%s would run the file %s or fail because of it, and it does not run here"
                    .formatted(tool.title(), name),
            "Name it as its migrations are named, with .sql at the end, or take it out of the folder");
      }
    }
    if (files.isEmpty()) {
      throw refused(
          folder,
          "no file in it is named as %s names its migrations".formatted(tool.title()),
          "Name the folder of the migrations, or the tool that they are of");
    }
    files.sort(tool.order());
    return new ToolFolder(tool, folder, files, leftOut);
  }

  /** Refuses a version that the tool does not take, or that its history would not keep as it is. */
  private static void refuseUnfit(SupportedTool tool, Path folder, String name, String version) {
    String number = tool.spelled(version);
    boolean tooLong =
        tool.hasNumbers()
            ? FolderContent.NumericOrder.compare(number, "" + Long.MAX_VALUE) > 0
            : switch (tool) {
              case DBMATE -> number.length() > LONGEST_VERSION;
              case FLYWAY ->
                  FlywayFile.of(name)
                      .filter(file -> file.version().length() > LONGEST_FLYWAY_VERSION)
                      .isPresent();
              default -> false;
            };
    if (tooLong || (tool == SupportedTool.GOOSE && number.equals("0"))) {
      throw refused(
          folder,
          "the version of the file %s is one that %s does not take".formatted(name, tool.title()),
          "Give it another number");
    }
    if (name.contains("\\") || name.codePoints().anyMatch(c -> c > Character.MAX_VALUE)) {
      throw refused(
          folder,
          "the name of the file %s has a character that a history may not keep".formatted(name),
          "Rename it");
    }
  }

  /**
   * Reads some of its files through, before anything of them runs.
   *
   * @param scripts take a file apart as the database would
   * @param placeholders what they are replaced by
   * @param pending whether all of these are to run
   * @throws ProblemException with exit 65 if one is not the tool's, or not text
   */
  void check(
      List<ToolFile> some,
      @Nullable Charset encoding,
      Function<Reader, StatementSplitter> scripts,
      PlaceholderValues placeholders,
      boolean pending) {
    for (ToolFile file : some) {
      Path path = folder.resolve(file.name());
      try {
        Optional<Finding> finding =
            PlainFileCheck.check(path, encoding, ChangelogRoot.LARGEST_PLAIN_FILE_BYTES, scripts);
        if (finding.isPresent() && !tool.owns(finding.get().tool())) {
          throw new ProblemException(finding.get().problem(""));
        }
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(path))) {
          bytes.mark(StrictText.LONGEST_MARK);
          refuseOtherEncoding(path, bytes.readNBytes(StrictText.LONGEST_MARK), encoding);
          bytes.reset();
          Reader text = new BufferedReader(StrictText.open(bytes, encoding));
          if (tool != SupportedTool.FLYWAY) {
            isTransactionByMarks(file, text);
          } else if (pending || FlywayFiles.isRepeatable(file)) {
            refusePlaceholderWithoutValue(file, text, placeholders);
          }
        }
      } catch (IOException e) {
        throw new ProblemException(
            ExitCode.CHANGELOG,
            "the file cannot be read: " + e.getMessage(),
            path.toString(),
            "Make it readable for the user that this runs as",
            e);
      }
    }
  }

  /** No tool looks at a byte order mark of UTF-16 or UTF-32: its bytes are an error, or nothing. */
  private void refuseOtherEncoding(Path path, byte[] beginning, @Nullable Charset encoding) {
    Charset marked = StrictText.marked(beginning);
    boolean declared =
        tool == SupportedTool.FLYWAY
            && encoding != null
            && marked != null
            && marked.name().startsWith(encoding.name());
    if (marked == null || marked.equals(StandardCharsets.UTF_8) || declared) {
      return;
    }
    throw refused(
        path,
        "the file is %s by its byte order mark, and %s would not read it so"
            .formatted(marked.name(), tool.title()),
        "Save it as UTF-8"
            + (tool == SupportedTool.FLYWAY
                ? "; if Flyway's encoding is set to that, declare it as the target's encoding"
                : ""));
  }

  /** Without a value Flyway fails at what is to run, and at every repeatable migration before that. */
  private void refusePlaceholderWithoutValue(
      ToolFile file, Reader text, PlaceholderValues placeholders) throws IOException {
    try (Reader replaced = placeholders.replaced(text, file.name())) {
      replaced.transferTo(Writer.nullWriter());
    } catch (ScriptException e) {
      throw refused(file, e);
    }
  }

  /** Reads the file to its end for that. */
  private boolean isTransactionByMarks(ToolFile file, Reader whole) throws IOException {
    if (!tool.hasSections()) {
      return true;
    }
    try (UpSection section = new UpSection(tool, whole)) {
      section.transferTo(Writer.nullWriter());
      return section.isTransaction();
    } catch (ScriptException e) {
      throw refused(file, e);
    }
  }

  /** The problem to end with. */
  ProblemException refused(ToolFile file, ScriptException e) {
    return new ProblemException(
        new Problem(
            ExitCode.CHANGELOG,
            String.valueOf(e.getMessage()),
            folder.resolve(file.name()) + ", line " + e.line(),
            e.remedy()));
  }

  /** What of a file leads forward, at the lines where it stands; the caller closes it. */
  Reader upSection(Reader whole) {
    return tool.hasSections() ? new UpSection(tool, whole) : whole;
  }

  /**
   * Whether a file runs as one transaction: by the tool's marks, or, where it has none, unless it is
   * one statement that cannot or begins with our own mark.
   */
  boolean isTransaction(ToolFile file, Reader whole, SqlSession session) throws Exception {
    if (tool.hasSections()) {
      return isTransactionByMarks(file, whole);
    }
    if (tool == SupportedTool.FLYWAY) {
      return isFlywayTransaction(whole, session);
    }
    StatementSplitter script = session.script(whole);
    ScriptStatement only = script.next();
    if (script.noTransactionLine() > 0) {
      return false;
    }
    if (only == null || !session.runsAlone(only)) {
      return true;
    }
    passData(only);
    return script.next() != null;
  }

  /** Unless one of its statements cannot be in one, or it begins with our own mark. */
  private static boolean isFlywayTransaction(Reader whole, SqlSession session) throws Exception {
    StatementSplitter script = session.script(whole);
    try {
      ScriptStatement next = script.next();
      if (script.noTransactionLine() > 0) {
        return false;
      }
      while (next != null && !session.runsAloneInFlyway(next)) {
        passData(next);
        next = script.next();
      }
      return next == null;
    } catch (ScriptException e) {
      return true; // It is refused where it is to run.
    }
  }

  /**
   * The line of the first statement that Flyway would not run in one file with those before it, since
   * either it or they cannot be in a transaction; 0: there is none.
   */
  static int mixedLine(Reader whole, SqlSession session) throws SQLException, IOException {
    StatementSplitter script = session.script(whole);
    ScriptStatement first = script.next();
    if (first == null || script.noTransactionLine() > 0) {
      return 0;
    }
    boolean alone = session.runsAloneInFlyway(first);
    passData(first);
    for (ScriptStatement next = script.next(); next != null; next = script.next()) {
      if (session.runsAloneInFlyway(next) != alone) {
        return next.line();
      }
      passData(next);
    }
    return 0;
  }

  private static void passData(ScriptStatement statement) throws IOException {
    if (statement.data() != null) {
      statement.data().transferTo(OutputStream.nullOutputStream());
    }
  }

  private static ProblemException refused(Path folder, String what, String remedy) {
    return new ProblemException(new Problem(ExitCode.CHANGELOG, what, folder.toString(), remedy));
  }
}
