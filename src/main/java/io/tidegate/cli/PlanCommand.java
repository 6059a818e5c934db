package io.tidegate.cli;

import io.tidegate.cli.MigrationReport.Format;
import io.tidegate.logging.Logs;
import io.tidegate.migration.MigrationPlan;
import io.tidegate.problem.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plan}: prints what a migration would run. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Prints the SQL, or the commands, that a migration would run. Changes nothing.")
final class PlanCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private final SettingsOptions options = new SettingsOptions();

  @Option(
      names = "--format",
      description = "text, or json: one document for programs; default text.")
  private Format format = Format.TEXT;

  PlanCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    CommandContext session = CommandContext.open(console, options.given(), Logs.Output.STDERR);
    MigrationReport report = new MigrationReport();
    for (var migration : session.migrations().entrySet()) {
      MigrationPlan plan = migration.getValue().plan();
      if (format == Format.TEXT) {
        console.print("-- " + migration.getKey().name() + " (" + migration.getKey().url() + ")");
        console.print(plan.text().stripTrailing());
      } else {
        report.add(migration.getKey(), plan);
      }
    }
    if (format == Format.JSON) {
      console.out().println(report.end());
    }
    return ExitCode.DONE.number();
  }
}
