package io.tidegate.cli;

import io.tidegate.agent.Agent.RunMode;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The commands that run an agent. They differ in how far it goes. */
@Command(mixinStandardHelpOptions = true)
final class AgentCommand implements Callable<Integer> {
  private final Console console;
  private final RunMode mode;
  @Mixin private final SettingsOptions options = new SettingsOptions();

  private AgentCommand(Console console, RunMode mode) {
    this.console = console;
    this.mode = mode;
  }

  /** {@code run}. */
  static CommandLine run(Console console) {
    return described(
        new AgentCommand(console, RunMode.RUN),
        "Checks the configuration, waits, checks the live servers, migrates; then watches and"
            + " answers /ready and /live until SIGTERM. For a sidecar or a Compose service; the default command.");
  }

  /** {@code init}. */
  static CommandLine init(Console console) {
    return described(
        new AgentCommand(console, RunMode.INIT),
        "Checks the configuration, waits, checks the live servers, migrates, and exits. For an init"
            + " container, a Job, or a service that runs once.");
  }

  /** {@code wait}. */
  static CommandLine await(Console console) {
    return described(
        new AgentCommand(console, RunMode.WAIT),
        "Waits until every target answers, and until another has applied its changelog where it has"
            + " one; then exits.");
  }

  /** {@code migrate}. */
  static CommandLine migrate(Console console) {
    return described(
        new AgentCommand(console, RunMode.MIGRATE),
        "Applies what is pending, without a check of the configuration; waits for the targets up to"
            + " the deadline.");
  }

  private static CommandLine described(AgentCommand command, String description) {
    CommandLine line = new CommandLine(command);
    line.getCommandSpec().usageMessage().description(description);
    return line;
  }

  @Override
  public Integer call() throws InterruptedException {
    return CommandContext.run(console, options, mode).number();
  }
}
