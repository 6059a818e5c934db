package io.tidegate.manifest.compose;

import io.tidegate.manifest.source.SourceFile;
import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.manifest.source.SourceFile.UnreadableFileException;
import io.tidegate.manifest.source.YamlNode;
import io.tidegate.policy.Severity;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Resolves {@code extends} and {@code include}, in the same file and across files.
 *
 * @see <a href="https://docs.docker.com/reference/compose-file/services/#extends">extends</a>
 */
final class Extends {
  private static final int DEEPEST = 20;
  private static final String EXTENDS = "extends";

  private final Sources sources;
  private final Interpolation interpolation;

  Extends(Sources sources, Interpolation interpolation) {
    this.sources = sources;
    this.interpolation = interpolation;
  }

  /** A file with its variables put in, and each service complete and in its long form. */
  YamlNode.Mapping load(SourceFile file) throws UnreadableFileException {
    return load(file, Sources.first(file), 0);
  }

  private YamlNode.Mapping load(SourceFile file, YamlNode.Mapping raw, int depth)
      throws UnreadableFileException {
    YamlNode.Mapping root = (YamlNode.Mapping) interpolation.apply(raw);
    YamlNode.Mapping all = new YamlNode.Mapping(Map.of(), root.place(), root.tag());
    for (YamlNode item : root.items("include")) {
      String path = item instanceof YamlNode.Scalar scalar ? scalar.text() : item.word("path");
      if (!path.isEmpty() && depth < DEEPEST) {
        all = Merge.merge(all, included(file, path, depth));
      }
    }
    Map<String, YamlNode.Entry> services = new LinkedHashMap<>();
    for (var service : root.entries("services").entrySet()) {
      YamlNode.Entry entry = service.getValue();
      if (entry.value() instanceof YamlNode.Mapping mapping) {
        services.put(
            service.getKey(), new YamlNode.Entry(entry.key(), complete(file, root, mapping, 0)));
      }
    }
    Map<String, YamlNode.Entry> map = new LinkedHashMap<>(root.map());
    map.remove("include");
    Place place = root.place();
    YamlNode.Entry before = root.map().get("services");
    map.put(
        "services",
        new YamlNode.Entry(
            before == null ? place : before.key(),
            new YamlNode.Mapping(services, place, YamlNode.PLAIN)));
    return Merge.merge(all, new YamlNode.Mapping(map, root.place(), root.tag()));
  }

  private YamlNode.Mapping included(SourceFile from, String path, int depth)
      throws UnreadableFileException {
    SourceFile other = other(from, path);
    return load(other, Sources.first(other), depth + 1);
  }

  private static SourceFile other(SourceFile from, String path) throws UnreadableFileException {
    return Sources.text(from, path)
        .orElseThrow(() ->
            new UnreadableFileException(
                Severity.WARNING,
                Place.start(from.name()),
                "includes or extends a file that cannot be read, so it is not judged",
                "Check it where that file is"));
  }

  private YamlNode.Mapping complete(
      SourceFile file, YamlNode.Mapping root, YamlNode.Mapping service, int depth)
      throws UnreadableFileException {
    YamlNode.Entry extending = service.map().get(EXTENDS);
    YamlNode.Mapping own = LongForm.of(without(service));
    if (extending == null) {
      return own;
    }
    if (depth > DEEPEST) {
      throw new UnreadableFileException(
          Severity.ERROR, extending.key(), "services extend each other in a circle", "Cut it");
    }
    YamlNode value = extending.value();
    String name = value instanceof YamlNode.Scalar scalar ? scalar.text() : value.word("service");
    String path = value.word("file");
    SourceFile base = file;
    YamlNode.Mapping there = root;
    if (!path.isEmpty()) {
      base = other(file, path);
      there = (YamlNode.Mapping) interpolation.apply(sources.compose(file, path));
    }
    if (!(there.at("services", name) instanceof YamlNode.Mapping lower)) {
      throw new UnreadableFileException(
          Severity.ERROR,
          extending.key(),
          "extends a service that is not there",
          "Correct the name of the service");
    }
    return Merge.merge(complete(base, there, lower, depth + 1), own);
  }

  private static YamlNode.Mapping without(YamlNode.Mapping service) {
    Map<String, YamlNode.Entry> map = new LinkedHashMap<>(service.map());
    map.remove(EXTENDS);
    return new YamlNode.Mapping(map, service.place(), service.tag());
  }
}
