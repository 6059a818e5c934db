package io.tidegate.cli;

import io.tidegate.agent.RunMode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code init}. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description =
        "Judges, waits, judges the live servers, migrates, and exits. For an init container, a Job, or a service that runs once.")
final class InitCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private final SettingsOptions options = new SettingsOptions();

  InitCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    return Session.run(console, options, RunMode.INIT).number();
  }
}
