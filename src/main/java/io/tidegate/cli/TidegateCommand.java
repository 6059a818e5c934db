package io.tidegate.cli;

import io.tidegate.agent.Version;
import io.tidegate.problem.ExitCode;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program itself: it only names its commands. */
@Command(
    name = "tidegate",
    mixinStandardHelpOptions = true,
    versionProvider = TidegateCommand.Versions.class,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Waits until every backing service answers queries, migrates each schema exactly once, and"
            + " says when the app may start.",
    footerHeading = "%nIn its simplest form:%n",
    footer = {
      "  DATABASE_URL=postgresql://app@db/app \\",
      "  TIDEGATE_CHANGELOG=db/changelog.sql tidegate init",
      "",
      "Exit codes:"
    })
final class TidegateCommand {
  private static final List<Map.Entry<String, Function<Console, Object>>> COMMANDS =
      List.of(
          Map.entry("run", AgentCommand::run),
          Map.entry("init", AgentCommand::init),
          Map.entry("wait", AgentCommand::await),
          Map.entry("migrate", AgentCommand::migrate),
          Map.entry("plan", PlanCommand::new),
          Map.entry("status", StatusCommand::new),
          Map.entry("resolve", ResolveCommand::new),
          Map.entry("adopt", AdoptCommand::new),
          Map.entry("check", CheckCommand::new),
          Map.entry(CompletionCommand.NAME, CompletionCommand::new),
          Map.entry(HealthCheck.NAME, _ -> new HealthCommand()));

  /**
   * The program with the command that is called; if it is none of them, with all, for the help. Each
   * costs its options read by reflection, and the start is short.
   */
  static CommandLine withCommand(String called, Console console) {
    CommandLine line = new CommandLine(new TidegateCommand());
    boolean known = COMMANDS.stream().anyMatch(command -> command.getKey().equals(called));
    COMMANDS.stream()
        .filter(command -> !known || command.getKey().equals(called))
        .forEach(
            command -> line.addSubcommand(command.getKey(), command.getValue().apply(console)));
    // picocli heeds NO_COLOR and pipes, but not this.
    if (console.environment().getOrDefault("TERM", "").equals("dumb")) {
      line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    }
    return line;
  }

  /** The program's help ends with the one table of exit codes. */
  static CommandLine withExitCodes(CommandLine line) {
    var usage = line.getCommandSpec().usageMessage();
    usage.footer(
        Stream.concat(
                Stream.of(usage.footer()),
                Stream.of(ExitCode.values())
                    .map(code -> "  %3d  %s".formatted(code.number(), code.meaning())))
            .toArray(String[]::new));
    return line;
  }

  /** Says which version runs. */
  static final class Versions implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"tidegate " + Version.current()};
    }
  }
}
