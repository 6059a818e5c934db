package io.tidegate.cli;

import io.tidegate.agent.RunMode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: everything, then watch and answer until SIGTERM. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Judges, waits, judges the live servers, migrates; then watches and answers /ready and"
            + " /live until SIGTERM. For a sidecar or a Compose service; the default command.")
final class RunCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private final SettingsOptions options = new SettingsOptions();

  RunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    return Session.run(console, options, RunMode.RUN).number();
  }
}
