package io.tidegate.config;

import io.tidegate.config.Declarations.Declared;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the agent of this container answers. Found without engines or a framework, since a health
 * check runs every few seconds.
 *
 * @param host to connect to: the loopback address where the agent listens on every address
 * @param port 0 to 65535; 0 where the agent was told to take a free one, and cannot be found
 */
public record HealthAddress(String host, int port) {

  /**
   * Finds it. The YAML file is opened only if environment and flags do not give both.
   *
   * @param environment all environment variables
   * @param flags by key, with or without {@code tidegate.}
   * @param config the YAML file that the command line names; null: as {@link SettingsReader#read}
   * @throws io.tidegate.problem.ProblemException if the host or port that was found cannot be used;
   *     nothing else in the configuration is looked at
   */
  public static HealthAddress find(
      Map<String, String> environment, Map<String, String> flags, @Nullable Path config) {
    Problems problems = new Problems();
    Declarations declarations = new Declarations(problems);
    List<Key<?>> keys = List.of(Keys.HTTP_HOST, Keys.HTTP_PORT);
    for (Key<?> key : keys) {
      String variable = key.variable();
      String value = environment.getOrDefault(variable, "");
      if (!value.isEmpty() && !DeclarationReader.isServiceLink(variable, value)) {
        declarations.put(List.of(new Declared(key.pattern(), value, variable)));
      }
      String flag = flags.getOrDefault(key.pattern(), flags.get(Key.PREFIX + key.pattern()));
      if (flag != null) {
        declarations.put(List.of(new Declared(key.pattern(), flag, "flag " + key.pattern())));
      }
    }
    if (declarations.all().size() < keys.size()) {
      // What else is wrong with the file is the agent's to say.
      List<Declared> file = new DeclarationReader(new Problems()).yaml(config, environment, flags);
      for (Declared declared : file) {
        if (keys.stream()
            .anyMatch(key -> key.matches(declared.key()) && declarations.find(key, "") == null)) {
          declarations.put(List.of(declared));
        }
      }
    }
    String host = declarations.get(Keys.HTTP_HOST);
    int port = declarations.get(Keys.HTTP_PORT);
    problems.throwIfAny();
    return new HealthAddress(local(host), port);
  }

  private static String local(String host) {
    return switch (host) {
      case "0.0.0.0", "" -> "127.0.0.1";
      case "::", "[::]" -> "::1";
      default -> host;
    };
  }
}
