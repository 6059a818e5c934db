package io.tidegate.cli;

import io.tidegate.agent.Version;
import io.tidegate.problem.ExitCode;
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
    subcommands = {
      RunCommand.class,
      InitCommand.class,
      WaitCommand.class,
      MigrateCommand.class,
      PlanCommand.class,
      StatusCommand.class,
      ResolveCommand.class,
      CheckCommand.class,
      HealthCommand.class
    },
    footerHeading = "%nIn its simplest form:%n",
    footer = {
      "  DATABASE_URL=postgresql://app@db/app \\",
      "  TIDEGATE_CHANGELOG=db/changelog.sql tidegate init",
      "",
      "Exit codes:"
    })
final class TidegateCommand {

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
