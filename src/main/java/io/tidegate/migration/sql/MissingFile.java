package io.tidegate.migration.sql;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that a changelog names and that is not there. Liquibase says so in words that name a setting of
 * its own, which does not exist here.
 */
final class MissingFile {
  private static final Pattern TOLD =
      Pattern.compile(
          "The file (.+?) was not found in the configured search path:\\s*- (.+?)\\s*"
              + "More locations can be added with the 'searchPath' parameter\\.?(?:, (\\S+))?",
          Pattern.DOTALL);

  private MissingFile() {}

  /**
   * The problem to end with; empty if it was something else.
   *
   * @param failure what Liquibase threw
   * @param namedBy gives what names the path, where Liquibase does not say which changeset does
   */
  static Optional<ProblemException> problem(Throwable failure, UnaryOperator<String> namedBy) {
    Matcher told = TOLD.matcher(String.valueOf(failure.getMessage()));
    if (!told.find()) {
      return Optional.empty();
    }
    String path = told.group(1);
    String changeset = told.group(3);
    return Optional.of(
        new ProblemException(
            ExitCode.CHANGELOG,
            "there is no file %s: it was looked for from %s".formatted(path, told.group(2)),
            changeset == null ? namedBy.apply(path) : changeset,
            path.contains("\\")
                ? "Leave backslashes out of the names of files: they part folders for Liquibase"
                : "Correct the path there, or set the target's changelog-root to the folder from which"
                    + " it leads",
            failure));
  }
}
