package io.tidegate.cli;

import io.tidegate.agent.Version;
import io.tidegate.problem.ExitCode;
import java.util.List;
import java.util.Map;
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
  private static final List<Map.Entry<String, Class<?>>> COMMANDS =
      List.of(
          Map.entry("run", RunCommand.class),
          Map.entry("init", InitCommand.class),
          Map.entry("wait", WaitCommand.class),
          Map.entry("migrate", MigrateCommand.class),
          Map.entry("plan", PlanCommand.class),
          Map.entry("status", StatusCommand.class),
          Map.entry("resolve", ResolveCommand.class),
          Map.entry("check", CheckCommand.class),
          Map.entry(HealthCheck.NAME, HealthCommand.class));

  /**
   * Adds the command that is called; if it is none of them, all, for the help. Each costs its options
   * read by reflection, and the start is short.
   */
  static CommandLine withCommand(CommandLine line, String called) {
    boolean known = COMMANDS.stream().anyMatch(command -> command.getKey().equals(called));
    for (Map.Entry<String, Class<?>> command : COMMANDS) {
      if (!known || command.getKey().equals(called)) {
        line.addSubcommand(command.getKey(), command.getValue());
      }
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
