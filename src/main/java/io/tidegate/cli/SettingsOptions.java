package io.tidegate.cli;

import io.tidegate.cli.CommandContext.Given;
import io.tidegate.problem.ProblemException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that commands share: a file, and any key of the configuration as {@code --key}. */
@Command(
    footerHeading = "%nEvery key of the configuration is an option and a variable:%n",
    footer = {
      "  --targets.NAME.url=URL        TIDEGATE_TARGETS_NAME_URL",
      "  --targets.NAME.changelog=PATH TIDEGATE_TARGETS_NAME_CHANGELOG",
      "  --replicas=N                  TIDEGATE_REPLICAS",
      "  --deadline=5m                 TIDEGATE_DEADLINE",
      "  --http.port=8433              TIDEGATE_HTTP_PORT",
      "  --log.format=text|json        TIDEGATE_LOG_FORMAT",
      "  --log.level=debug             TIDEGATE_LOG_LEVEL",
      "With no target declared, DATABASE_URL, REDIS_URL, MONGODB_URI and the like",
      "are the targets. All keys: docs/configuration.md"
    })
sealed class SettingsOptions permits WaitOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The YAML file to read; default /etc/tidegate/tidegate.yaml where it exists.")
  private @Nullable Path config;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** The file that is named; null: none. */
  final @Nullable Path config() {
    return config;
  }

  /**
   * What the command line gives.
   *
   * @throws ProblemException with exit 64 for what is no option
   */
  Given given() {
    return new Given(KeyOptionsParser.parse(unmatched()), List.of(), config);
  }

  /** What picocli itself does not know. */
  final List<String> unmatched() {
    return command == null ? List.of() : command.commandLine().getUnmatchedArguments();
  }
}
