package io.tidegate.cli;

import io.tidegate.agent.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program itself, for its help and its version. */
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
  /** Says which version runs. */
  static final class Versions implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"tidegate " + Version.current()};
    }
  }
}
