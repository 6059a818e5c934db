package io.tidegate.cli;

import io.tidegate.problem.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code completion}: what makes a shell complete the names of commands and options. */
@Command(
    name = CompletionCommand.NAME,
    mixinStandardHelpOptions = true,
    description =
        "Prints a script with which bash and zsh complete commands and options:"
            + " source <(tidegate completion)")
final class CompletionCommand implements Callable<Integer> {
  static final String NAME = "completion";

  private final Console console;

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.out().print(AutoComplete.bash("tidegate", PicocliRunner.commandLine(console, "")));
    console.out().flush();
    return ExitCode.DONE.number();
  }
}
