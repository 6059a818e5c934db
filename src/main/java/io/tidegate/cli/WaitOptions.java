package io.tidegate.cli;

import io.tidegate.cli.CommandContext.Given;
import io.tidegate.cli.KeyOptionsParser.Parsed;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options of {@code wait}, which takes URLs as arguments too. */
@Command(
    customSynopsis = "tidegate wait [--timeout=DURATION] [--config=FILE] [--KEY=VALUE]... [URL]...")
final class WaitOptions extends SettingsOptions {
  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "How long to wait in all, as in 30s; another word for --deadline.")
  private @Nullable String timeout;

  @Override
  Given given() {
    Parsed parsed = KeyOptionsParser.parseWithUrls(unmatched());
    Map<String, String> keys = new LinkedHashMap<>(parsed.keys());
    if (timeout != null && keys.putIfAbsent("deadline", timeout) != null) {
      throw KeyOptionsParser.usage("--timeout and --deadline are both given");
    }
    return new Given(keys, parsed.urls(), config());
  }
}
