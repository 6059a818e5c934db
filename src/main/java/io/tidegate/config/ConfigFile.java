package io.tidegate.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the YAML file and reads it, if there is one. */
final class ConfigFile {
  private ConfigFile() {}

  /**
   * The keys in the file that the command line names, else the one of {@code TIDEGATE_CONFIG}, else
   * the one in the usual place, if it exists.
   */
  static List<Declared> read(
      @Nullable Path config,
      Map<String, String> environment,
      Map<String, String> flags,
      Problems problems) {
    String variable = KeyName.variable(Keys.CONFIG.pattern());
    String key = Keys.CONFIG.pattern();
    String flag = flags.getOrDefault(key, flags.getOrDefault(KeyName.PREFIX + key, ""));
    String named = flag.isEmpty() ? environment.getOrDefault(variable, "") : flag;
    try {
      if (config != null) {
        return YamlFile.read(config, "--config", problems);
      }
      if (!named.isEmpty()) {
        return YamlFile.read(Path.of(named), flag.isEmpty() ? variable : "flag config", problems);
      }
      Path usual = Path.of(SettingsReader.DEFAULT_CONFIG);
      return Files.exists(usual) ? YamlFile.read(usual, usual.toString(), problems) : List.of();
    } catch (InvalidPathException e) {
      problems.add(variable, "is not a path", "Write the path of a YAML file");
      return List.of();
    }
  }
}
