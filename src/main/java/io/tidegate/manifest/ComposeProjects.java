package io.tidegate.manifest;

import io.tidegate.manifest.source.SourceFile;
import io.tidegate.manifest.source.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells which Compose files belong together. Compose lays {@code compose.override.yaml} over {@code
 * compose.yaml} by itself; people lay {@code compose.prod.yaml} over it with {@code -f}. The second is
 * seen by its services: they lack an image of their own, or the file below has services of the same
 * names.
 */
final class ComposeProjects {
  private static final Pattern NAME =
      Pattern.compile("((?:.*/)?[^/]*?(?:compose|stack))(?:[.-]([^/]+))?\\.ya?ml");

  private final Map<String, SourceFile> bases = new LinkedHashMap<>();
  private final Map<String, SourceFile> overrides = new LinkedHashMap<>();
  private final List<Variant> variants = new ArrayList<>();
  private final Map<String, Set<String>> services = new LinkedHashMap<>();
  private final List<SourceFile> all = new ArrayList<>();

  private record Variant(String base, SourceFile file, boolean partial) {}

  void add(SourceFile file, YamlNode document) {
    all.add(file);
    Matcher name = NAME.matcher(file.name());
    Map<String, YamlNode.Entry> entries = document.entries("services");
    services.put(file.name(), entries.keySet());
    boolean partial =
        entries.values().stream()
            .map(YamlNode.Entry::value)
            .anyMatch(service ->
                service.at("image") == null
                    && service.at("build") == null
                    && service.at("extends") == null);
    if (!name.matches()) {
      variants.add(new Variant(file.name(), file, false));
    } else if (name.group(2) == null) {
      bases.putIfAbsent(name.group(1), file);
      if (!file.equals(bases.get(name.group(1)))) {
        variants.add(new Variant(file.name(), file, false));
      }
    } else if (name.group(2).equals("override")) {
      overrides.put(name.group(1), file);
    } else {
      variants.add(new Variant(name.group(1), file, partial));
    }
  }

  /** The files of each project, the lowest first. */
  List<List<SourceFile>> projects(boolean merge) {
    if (merge) {
      return all.isEmpty() ? List.of() : List.of(List.copyOf(all));
    }
    List<List<SourceFile>> projects = new ArrayList<>();
    bases.forEach((name, base) -> {
      SourceFile override = overrides.get(name);
      projects.add(override == null ? List.of(base) : List.of(base, override));
    });
    overrides.forEach((name, override) -> {
      if (!bases.containsKey(name)) {
        projects.add(List.of(override));
      }
    });
    for (Variant variant : variants) {
      SourceFile base = bases.get(variant.base());
      projects.add(
          base != null && (variant.partial() || repeats(base, variant.file()))
              ? List.of(base, variant.file())
              : List.of(variant.file()));
    }
    return projects;
  }

  private boolean repeats(SourceFile base, SourceFile variant) {
    Set<String> below = services.getOrDefault(base.name(), Set.of());
    Set<String> above = services.getOrDefault(variant.name(), Set.of());
    return above.size() < below.size() && below.containsAll(above);
  }
}
