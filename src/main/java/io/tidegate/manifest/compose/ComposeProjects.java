package io.tidegate.manifest.compose;

import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.UnreadableFileException;
import io.tidegate.source.YamlNode;
import io.tidegate.source.YamlReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All Compose files, each parsed once, and which of them belong together. Compose lays {@code
 * compose.override.yaml} over {@code compose.yaml} by itself; people lay {@code compose.prod.yaml} over
 * it with {@code -f}. The second is seen by its services: they lack an image of their own, or the file
 * below has services of the same names.
 */
public final class ComposeProjects {
  private static final Pattern COMPOSE_NAME =
      Pattern.compile("(?i)(docker-)?(compose|stack|swarm)([._-].*)?\\.ya?ml");
  private static final Pattern PROJECT_NAME =
      Pattern.compile("((?:.*/)?[^/]*?(?:compose|stack))(?:[.-]([^/]+))?\\.ya?ml");
  private static final Set<String> SERVICE_KEYS =
      Set.of(
          "image",
          "build",
          "extends",
          "command",
          "deploy",
          "ports",
          "environment",
          "volumes",
          "pre_start",
          "post_start",
          "pre_stop");

  private final List<ComposeFile> all = new ArrayList<>();
  private final Map<String, ComposeFile> bases = new LinkedHashMap<>();
  private final Map<String, ComposeFile> overrides = new LinkedHashMap<>();
  private final List<Variant> variants = new ArrayList<>();

  /** By the name under which a file is shown: the places in its nodes have that name. */
  private final Map<String, ComposeFile> parsed = new HashMap<>();

  /**
   * A Compose file as it is written.
   *
   * @param root without variables put in
   */
  public record ComposeFile(SourceFile source, YamlNode.Mapping root) {
    Set<String> services() {
      return root.entries("services").keySet();
    }

    /** Whether some of its services are nothing without those of a file below. */
    boolean isPartial() {
      return root.entries("services").values().stream()
          .map(YamlNode.Entry::value)
          .anyMatch(service ->
              service.at("image") == null
                  && service.at("build") == null
                  && service.at("extends") == null);
    }
  }

  /** A file that may lie over the base of its name. */
  private record Variant(String base, ComposeFile file, boolean partial) {}

  /**
   * Adds a file, if it is one of Compose.
   *
   * @param document the first one in the file
   * @return whether it was added
   */
  public boolean add(SourceFile source, YamlNode document) {
    if (!(document instanceof YamlNode.Mapping root) || !isCompose(source.name(), root)) {
      return false;
    }
    ComposeFile file = new ComposeFile(source, root);
    all.add(file);
    if (source.path() != null && source.text().length() <= SourceFile.LARGEST_BESIDE) {
      parsed.put(source.name(), file);
    }
    Matcher name = PROJECT_NAME.matcher(source.name());
    if (!name.matches()) {
      variants.add(new Variant(source.name(), file, false));
    } else if (name.group(2) == null) {
      if (bases.putIfAbsent(name.group(1), file) != null) {
        variants.add(new Variant(source.name(), file, false));
      }
    } else if (name.group(2).equals("override")) {
      if (overrides.putIfAbsent(name.group(1), file) != null) {
        // Compose takes one of .yml and .yaml and warns; which of them somebody means is not known.
        variants.add(new Variant(name.group(1), file, true));
      }
    } else {
      variants.add(new Variant(name.group(1), file, file.isPartial()));
    }
    return true;
  }

  private static boolean isCompose(String fileName, YamlNode.Mapping root) {
    if (root.map().containsKey("apiVersion") || root.map().containsKey("jobs")) {
      return false;
    }
    boolean named =
        COMPOSE_NAME.matcher(fileName.substring(fileName.lastIndexOf('/') + 1)).matches();
    Map<String, YamlNode.Entry> services = root.entries("services");
    if (services.isEmpty()) {
      return named && root.map().containsKey("include");
    }
    return named
        || services.values().stream()
            .anyMatch(service ->
                service.value().map().keySet().stream().anyMatch(SERVICE_KEYS::contains));
  }

  /**
   * The files of each project, the lowest first.
   *
   * @param merge whether all files are one project, in the order added
   */
  public List<List<ComposeFile>> projects(boolean merge) {
    if (merge) {
      return all.isEmpty() ? List.of() : List.of(List.copyOf(all));
    }
    List<List<ComposeFile>> projects = new ArrayList<>();
    bases.forEach((name, base) -> {
      ComposeFile override = overrides.get(name);
      projects.add(override == null ? List.of(base) : List.of(base, override));
    });
    overrides.forEach((name, override) -> {
      if (!bases.containsKey(name)) {
        projects.add(List.of(override));
      }
    });
    for (Variant variant : variants) {
      ComposeFile base = bases.get(variant.base());
      projects.add(
          base != null && (variant.partial() || repeats(base, variant.file()))
              ? List.of(base, variant.file())
              : List.of(variant.file()));
    }
    return projects;
  }

  private static boolean repeats(ComposeFile base, ComposeFile variant) {
    return variant.services().size() < base.services().size()
        && base.services().containsAll(variant.services());
  }

  /**
   * The file that another one includes, or from which its services are extended.
   *
   * @throws UnreadableFileException if there is none that can be read
   */
  ComposeFile referenced(SourceFile from, String name) throws UnreadableFileException {
    String shown = from.nameBeside(name);
    ComposeFile known = from.pathBeside(name) == null ? null : parsed.get(shown);
    if (known != null) {
      return known;
    }
    SourceFile source =
        from.beside(name)
            .orElseThrow(() ->
                new UnreadableFileException(
                    Severity.WARNING,
                    Location.start(from.name()),
                    "includes or extends a file that cannot be read, so it is not checked",
                    "Check it where that file is"));
    List<YamlNode> documents = YamlReader.read(source);
    YamlNode.Mapping root =
        !documents.isEmpty() && documents.getFirst() instanceof YamlNode.Mapping mapping
            ? mapping
            : new YamlNode.Mapping(Map.of(), Location.start(source.name()), YamlNode.PLAIN);
    ComposeFile file = new ComposeFile(source, root);
    parsed.put(shown, file);
    return file;
  }
}
