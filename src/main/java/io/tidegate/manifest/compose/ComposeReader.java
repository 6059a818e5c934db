package io.tidegate.manifest.compose;

import io.tidegate.manifest.source.SourceFile;
import io.tidegate.manifest.source.SourceFile.UnreadableFileException;
import io.tidegate.manifest.source.YamlNode;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Stack;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads Compose files that belong together.
 *
 * @see <a href="https://github.com/compose-spec/compose-spec/blob/main/spec.md">Compose
 *     specification</a>
 */
public final class ComposeReader {
  private static final Pattern NAME =
      Pattern.compile("(?i)(docker-)?(compose|stack|swarm)([._-].*)?\\.ya?ml");
  private static final Set<String> SERVICE_KEYS =
      Set.of("image", "build", "extends", "command", "deploy", "ports", "environment", "volumes");

  private final Map<String, String> environment;

  /**
   * Takes the variables of the shell.
   *
   * @param environment goes before the {@code .env} file beside the first file, as in Compose
   */
  public ComposeReader(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** Whether a document is a Compose file. */
  public static boolean isCompose(String fileName, YamlNode document) {
    if (document.map().containsKey("apiVersion") || document.map().containsKey("jobs")) {
      return false;
    }
    Map<String, YamlNode.Entry> services = document.entries("services");
    if (services.isEmpty()) {
      return isNamedCompose(fileName) && document.map().containsKey("include");
    }
    return isNamedCompose(fileName)
        || services.values().stream()
            .anyMatch(service ->
                service.value().map().keySet().stream().anyMatch(SERVICE_KEYS::contains));
  }

  /** Whether a file has a name that people give to Compose files. */
  public static boolean isNamedCompose(String fileName) {
    return NAME.matcher(fileName.substring(fileName.lastIndexOf('/') + 1)).matches();
  }

  /**
   * Reads files of one project.
   *
   * @param files in the order in which Compose would lay them over each other
   * @throws UnreadableFileException if one of them cannot be judged
   */
  public Stack read(List<SourceFile> files) throws UnreadableFileException {
    Sources sources = new Sources();
    Extends loader = new Extends(sources, new Interpolation(variables(files.getFirst())));
    YamlNode.Mapping project = loader.load(files.getFirst());
    for (SourceFile file : files.subList(1, files.size())) {
      project = Merge.merge(project, loader.load(file));
    }
    boolean development =
        files.stream().anyMatch(file -> Stack.isForDevelopment(file.name()))
            || mountsItsSource(project);
    List<Container> containers = new ArrayList<>();
    for (var service : project.entries("services").entrySet()) {
      YamlNode.Entry entry = service.getValue();
      if (entry.value() instanceof YamlNode.Mapping mapping) {
        containers.add(
            new ServiceReader(project, files.getFirst(), development, sources)
                .read(service.getKey(), entry.key(), mapping));
      }
    }
    return new Stack(containers, List.of());
  }

  private Map<String, String> variables(SourceFile first) {
    Map<String, String> variables = new HashMap<>();
    Sources.text(first, ".env").ifPresent(file -> variables.putAll(EnvFile.map(file)));
    variables.putAll(environment);
    return variables;
  }

  /** Whether a service is built here and has its source code mounted over what was built. */
  private static boolean mountsItsSource(YamlNode project) {
    return project.entries("services").values().stream()
        .map(YamlNode.Entry::value)
        .filter(service -> service.map().containsKey("build"))
        .flatMap(service -> service.items("volumes").stream())
        .anyMatch(volume -> isSource(volume.word("source")) && volume.word("type").equals("bind"));
  }

  private static boolean isSource(String path) {
    return path.equals(".")
        || path.equals("./")
        || path.matches("\\./[\\w-]*(src|app|web|api|backend|frontend|server|client)/?");
  }
}
