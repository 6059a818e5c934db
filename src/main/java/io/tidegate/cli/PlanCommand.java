package io.tidegate.cli;

import io.tidegate.logging.Logs;
import io.tidegate.problem.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code plan}: prints what a migration would run. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Prints the SQL, or the commands, that a migration would run. Changes nothing.")
final class PlanCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private final SettingsOptions options = new SettingsOptions();

  PlanCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    CommandContext session = CommandContext.open(console, options, Logs.Output.STDERR);
    for (var migration : session.migrations().entrySet()) {
      console.print("-- " + migration.getKey().name() + " (" + migration.getKey().url() + ")");
      console.print(migration.getValue().plan().stripTrailing());
    }
    return ExitCode.DONE.number();
  }
}
