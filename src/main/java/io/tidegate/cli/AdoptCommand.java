package io.tidegate.cli;

import io.tidegate.cli.MigrationReport.Format;
import io.tidegate.logging.Logs;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.Adoptable;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Target;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code adopt}: records changesets as applied in a database that has what they make already. */
@Command(
    name = "adopt",
    mixinStandardHelpOptions = true,
    description = {
      "Records changesets as applied and executes none of them: for a database that was made by hand or"
          + " from a dump, and holds already what they would make. From then on migrate applies only"
          + " what is added.",
      "",
      "See first with --dry-run what would be recorded, and compare it with the database: what is recorded"
          + " and not there is never made. All or nothing is recorded; a second run finds nothing to do.",
      "",
      "Exits 65, and changes nothing, if the database has no tables (run migrate), or its history does not"
          + " fit the changelog. PostgreSQL, MySQL, MariaDB and SQLite."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  tidegate adopt --dry-run           what is pending, in order",
      "  tidegate adopt --to 003-users.sql  what the database holds already",
      "  tidegate migrate                   the rest"
    })
final class AdoptCommand implements Callable<Integer> {
  private static final String NAME = "tidegate adopt";

  private final Console console;
  @Mixin private final SettingsOptions options = new SettingsOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "TARGET",
      description = "The target's name; needed where several have a changelog.")
  private @Nullable String target;

  @Option(names = "--dry-run", description = "Prints what would be recorded. Changes nothing.")
  private boolean dryRun;

  @Option(
      names = "--to",
      paramLabel = "CHANGESET",
      description =
          "The last one to record: its file, its version, or as status prints it; default all that are"
              + " pending.")
  private @Nullable String last;

  @Option(
      names = "--format",
      description = "text, or json: one document for programs; default text.")
  private Format format = Format.TEXT;

  AdoptCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    CommandContext session = CommandContext.open(console, options.given(), Logs.Output.STDERR);
    Map.Entry<Target, Migration> named = session.migration(target, NAME);
    List<ChangesetId> adopted = adoptable(named).adopt(last, dryRun);
    if (format == Format.JSON) {
      MigrationReport report = new MigrationReport();
      report.add(named.getKey(), adopted, dryRun);
      console.out().println(report.end());
      return ExitCode.DONE.number();
    }
    console.print(
        "%s (%s): %s"
            .formatted(
                named.getKey().name(),
                named.getKey().url(),
                adopted.isEmpty()
                    ? "nothing to record: all of it is in the history"
                    : "%d %s as applied, nothing executed"
                        .formatted(adopted.size(), dryRun ? "would be recorded" : "recorded")));
    adopted.forEach(changeset -> console.print("  " + changeset));
    return ExitCode.DONE.number();
  }

  private static Adoptable adoptable(Map.Entry<Target, Migration> named) {
    if (named.getValue() instanceof Adoptable adoptable) {
      return adoptable;
    }
    throw new ProblemException(
        new Problem(
            ExitCode.USAGE,
            "adopt does not support MongoDB, the engine of target %s"
                .formatted(named.getKey().name()),
            NAME,
            "Write the first files so that they may run on what is there, and run tidegate migrate"));
  }
}
