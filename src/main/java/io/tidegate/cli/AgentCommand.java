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
  @Mixin private final SettingsOptions options;

  private AgentCommand(Console console, RunMode mode, SettingsOptions options) {
    this.console = console;
    this.mode = mode;
    this.options = options;
  }

  /** {@code run}. */
  static CommandLine run(Console console) {
    return described(
        new AgentCommand(console, RunMode.RUN, new SettingsOptions()),
        "Checks the configuration, waits, checks the live servers, migrates; then watches and"
            + " answers /ready and /live until SIGTERM. For a sidecar or a Compose service; the default command.");
  }

  /** {@code init}. */
  static CommandLine init(Console console) {
    return described(
        new AgentCommand(console, RunMode.INIT, new SettingsOptions()),
        "Checks the configuration, waits, checks the live servers, migrates, and exits. For an init"
            + " container, a Job, or a service that runs once.");
  }

  /** {@code wait}. */
  static CommandLine await(Console console) {
    return described(
        new AgentCommand(console, RunMode.WAIT, new WaitOptions()),
        "Waits until every target answers, and until another has applied its changelog, or the tool"
            + " that keeps its schema what is needed, where one is declared; then exits.",
        "URLs as arguments are the only targets, whatever else declares some. Each is named after"
            + " its kind of service, and numbered where two are alike: redis-1, redis-2.",
        "",
        "  tidegate wait postgresql://app@db/app redis://cache --timeout 30s \\",
        "    --targets.postgresql.password-file=/run/secrets/db",
        "",
        "All users of a machine may see a password in an argument: keep it in a file.",
        "");
  }

  /** {@code migrate}. */
  static CommandLine migrate(Console console) {
    return described(
        new AgentCommand(console, RunMode.MIGRATE, new SettingsOptions()),
        "Applies what is pending, without a check of the configuration; waits for the targets up to"
            + " the deadline.");
  }

  private static CommandLine described(AgentCommand command, String... description) {
    CommandLine line = new CommandLine(command);
    line.getCommandSpec().usageMessage().description(description);
    return line;
  }

  @Override
  public Integer call() throws InterruptedException {
    return CommandContext.run(console, options.given(), mode).number();
  }
}
