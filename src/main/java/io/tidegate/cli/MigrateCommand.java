package io.tidegate.cli;

import io.tidegate.agent.RunMode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code migrate}: waits for the targets and applies what is pending, without judging. */
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description =
        "Applies what is pending, without judging the configuration; waits for the targets up to"
            + " the deadline.")
final class MigrateCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private final SettingsOptions options = new SettingsOptions();

  MigrateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    return Session.run(console, options, RunMode.MIGRATE).number();
  }
}
