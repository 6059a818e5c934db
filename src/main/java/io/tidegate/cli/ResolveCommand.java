package io.tidegate.cli;

import io.tidegate.logging.Logs;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.Resolvable;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code resolve}: takes down what a person found out about an interrupted changeset. */
@Command(
    name = "resolve",
    mixinStandardHelpOptions = true,
    description =
        "Records what you found out about a changeset that was interrupted, so that the next"
            + " migration goes on. See status for those that were.")
final class ResolveCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private final SettingsOptions options = new SettingsOptions();

  @Parameters(index = "0", paramLabel = "TARGET", description = "The target's name.")
  private String target = "";

  @Parameters(
      index = "1",
      paramLabel = "CHANGESET",
      description = "The changeset as status prints it, or its path or id where that is enough.")
  private String changeset = "";

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "How you know, kept in the history.")
  private String reason = "";

  @ArgGroup(multiplicity = "1")
  private Found found = new Found();

  /** One of the two. */
  static final class Found {
    @Option(names = "--applied", required = true, description = "It took full effect.")
    private boolean applied;

    @Option(names = "--not-applied", required = true, description = "It took none: run it.")
    private boolean notApplied;
  }

  ResolveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    CommandContext session = CommandContext.open(console, options.given(), Logs.Output.STDERR);
    Resolvable migration = resolvable(session.migration(target, "tidegate resolve").getValue());
    ChangesetId id = interrupted(migration.interrupted());
    boolean applied = found.applied && !found.notApplied;
    migration.resolve(id, applied, reason);
    console.print(
        "%s: %s is taken as %s"
            .formatted(target, id, applied ? "applied" : "not applied; it will be run"));
    return ExitCode.DONE.number();
  }

  private Resolvable resolvable(Migration named) {
    if (named instanceof Resolvable resolvable) {
      return resolvable;
    }
    throw refused(
        "changesets of target %s cannot be interrupted half-way".formatted(target),
        "Run tidegate migrate: there is nothing to resolve");
  }

  private ChangesetId interrupted(List<Interrupted> all) {
    List<ChangesetId> matching =
        all.stream()
            .map(Interrupted::changeset)
            .filter(id ->
                id.toString().equals(changeset)
                    || id.path().equals(changeset)
                    || id.id().equals(changeset))
            .toList();
    if (matching.size() == 1) {
      return matching.getFirst();
    }
    String those =
        all.stream().map(one -> one.changeset().toString()).collect(Collectors.joining(", "));
    throw matching.isEmpty()
        ? refused(
            "changeset %s of target %s was not interrupted".formatted(changeset, target),
            all.isEmpty() ? "None was: there is nothing to resolve" : "Name one of: " + those)
        : refused(
            "%d interrupted changesets are called %s".formatted(matching.size(), changeset),
            "Name one of: " + those);
  }

  private static ProblemException refused(String what, String remedy) {
    return new ProblemException(new Problem(ExitCode.USAGE, what, "tidegate resolve", remedy));
  }
}
