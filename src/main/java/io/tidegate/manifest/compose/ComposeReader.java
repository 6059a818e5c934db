package io.tidegate.manifest.compose;

import io.tidegate.manifest.compose.ComposeProjects.ComposeFile;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.UnreadableFileException;
import io.tidegate.source.YamlNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the Compose files of one project: puts variables in, resolves {@code include} and {@code
 * extends}, and lays the files over each other.
 *
 * @see <a href="https://github.com/compose-spec/compose-spec/blob/main/spec.md">Compose
 *     specification</a>
 * @see <a href="https://docs.docker.com/reference/compose-file/services/#extends">extends</a>
 */
public final class ComposeReader {
  private static final int DEEPEST = 20;
  private static final String EXTENDS = "extends";

  private final ComposeProjects files;
  private final ComposeVariables variables;
  private final Map<String, YamlNode.Mapping> interpolated = new HashMap<>();

  /** Within a project a file is shown by one name, however the services spell the path to it. */
  private final Map<Path, ComposeFile> extended = new HashMap<>();

  private ComposeReader(ComposeProjects files, ComposeVariables variables) {
    this.files = files;
    this.variables = variables;
  }

  /**
   * Reads one project.
   *
   * @param project its files, in the order in which Compose would lay them over each other
   * @param files all Compose files
   * @param environment the variables of the shell: they go before the {@code .env} file beside the
   *     first file, as in Compose
   * @throws UnreadableFileException if one of the files cannot be checked
   */
  public static Stack read(
      List<ComposeFile> project, ComposeProjects files, Map<String, String> environment)
      throws UnreadableFileException {
    SourceFile first = project.getFirst().source();
    YamlNode.Mapping merged =
        new ComposeReader(files, new ComposeVariables(first, environment)).merge(project);
    boolean development =
        project.stream().anyMatch(file -> SourceFile.isForDevelopment(file.source().name()))
            || mountsItsSource(merged);
    ServiceReader reader = new ServiceReader(merged, first, development);
    List<Container> containers = new ArrayList<>();
    merged
        .entries("services")
        .forEach((name, entry) -> {
          if (entry.value() instanceof YamlNode.Mapping service) {
            containers.add(reader.read(name, entry.key(), service));
          }
        });
    return new Stack(containers, List.of());
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

  private YamlNode.Mapping merge(List<ComposeFile> project) throws UnreadableFileException {
    YamlNode.Mapping merged = complete(project.getFirst(), 0);
    for (ComposeFile file : project.subList(1, project.size())) {
      merged = Merge.merge(merged, complete(file, 0));
    }
    return merged;
  }

  /** A file with those it includes, and each service complete and in its long syntax. */
  private YamlNode.Mapping complete(ComposeFile file, int depth) throws UnreadableFileException {
    YamlNode.Mapping root = interpolate(file);
    YamlNode.Mapping all = new YamlNode.Mapping(Map.of(), root.location(), root.tag());
    for (YamlNode item : root.items("include")) {
      String path = item.wordOrAt("path");
      if (!path.isEmpty() && depth < DEEPEST) {
        all = Merge.merge(all, complete(files.referenced(file.source(), path), depth + 1));
      }
    }
    Map<String, YamlNode.Entry> services = new LinkedHashMap<>();
    for (var service : root.entries("services").entrySet()) {
      YamlNode.Entry entry = service.getValue();
      if (entry.value() instanceof YamlNode.Mapping mapping) {
        services.put(service.getKey(), new YamlNode.Entry(entry.key(), service(file, mapping, 0)));
      }
    }
    Map<String, YamlNode.Entry> map = new LinkedHashMap<>(root.map());
    map.remove("include");
    Location location = root.location();
    YamlNode.Entry before = root.map().get("services");
    map.put(
        "services",
        new YamlNode.Entry(
            before == null ? location : before.key(),
            new YamlNode.Mapping(services, location, YamlNode.PLAIN)));
    return Merge.merge(all, new YamlNode.Mapping(map, location, root.tag()));
  }

  /** A service over all that it extends. */
  private YamlNode.Mapping service(ComposeFile file, YamlNode.Mapping written, int depth)
      throws UnreadableFileException {
    YamlNode.Entry extending = written.map().get(EXTENDS);
    YamlNode.Mapping own = Merge.longSyntax(without(written));
    if (extending == null) {
      return own;
    }
    if (depth > DEEPEST) {
      throw new UnreadableFileException(
          Severity.ERROR, extending.key(), "services extend each other in a circle", "Cut it");
    }
    YamlNode value = extending.value();
    String name = value.wordOrAt("service");
    String path = value.word("file");
    ComposeFile base = path.isEmpty() ? file : extended(file.source(), path);
    if (!(interpolate(base).at("services", name) instanceof YamlNode.Mapping lower)) {
      throw new UnreadableFileException(
          Severity.ERROR,
          extending.key(),
          "extends a service that is not there",
          "Correct the name of the service");
    }
    return Merge.merge(service(base, lower, depth + 1), own);
  }

  private ComposeFile extended(SourceFile from, String name) throws UnreadableFileException {
    Path path = from.pathBeside(name);
    ComposeFile known = path == null ? null : extended.get(path);
    if (known == null) {
      known = files.referenced(from, name);
      if (path != null) {
        extended.put(path, known);
      }
    }
    return known;
  }

  private YamlNode.Mapping interpolate(ComposeFile file) {
    return interpolated.computeIfAbsent(
        file.source().name(), name -> (YamlNode.Mapping) variables.interpolate(file.root()));
  }

  private static YamlNode.Mapping without(YamlNode.Mapping service) {
    Map<String, YamlNode.Entry> map = new LinkedHashMap<>(service.map());
    map.remove(EXTENDS);
    return new YamlNode.Mapping(map, service.location(), service.tag());
  }
}
