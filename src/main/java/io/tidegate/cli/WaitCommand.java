package io.tidegate.cli;

import io.tidegate.agent.RunMode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wait}. */
@Command(
    name = "wait",
    mixinStandardHelpOptions = true,
    description =
        "Waits until every target answers, and until another has applied its changelog where it has one; then exits.")
final class WaitCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private final SettingsOptions options = new SettingsOptions();

  WaitCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    return Session.run(console, options, RunMode.WAIT).number();
  }
}
