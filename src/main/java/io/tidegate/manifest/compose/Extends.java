package io.tidegate.manifest.compose;

import io.tidegate.manifest.source.Place;
import io.tidegate.manifest.source.SourceFile;
import io.tidegate.manifest.source.Tree;
import io.tidegate.manifest.source.Unreadable;
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
  Tree.Mapping load(SourceFile file) throws Unreadable {
    return load(file, Sources.first(file), 0);
  }

  private Tree.Mapping load(SourceFile file, Tree.Mapping raw, int depth) throws Unreadable {
    Tree.Mapping root = (Tree.Mapping) interpolation.apply(raw);
    Tree.Mapping all = new Tree.Mapping(Map.of(), root.place(), root.tag());
    for (Tree item : root.items("include")) {
      String path = item instanceof Tree.Scalar scalar ? scalar.text() : item.word("path");
      if (!path.isEmpty() && depth < DEEPEST) {
        all = Merge.merge(all, included(file, path, depth));
      }
    }
    Map<String, Tree.Entry> services = new LinkedHashMap<>();
    for (var service : root.entries("services").entrySet()) {
      Tree.Entry entry = service.getValue();
      if (entry.value() instanceof Tree.Mapping mapping) {
        services.put(
            service.getKey(), new Tree.Entry(entry.key(), complete(file, root, mapping, 0)));
      }
    }
    Map<String, Tree.Entry> map = new LinkedHashMap<>(root.map());
    map.remove("include");
    Place place = root.place();
    Tree.Entry before = root.map().get("services");
    map.put(
        "services",
        new Tree.Entry(
            before == null ? place : before.key(), new Tree.Mapping(services, place, Tree.PLAIN)));
    return Merge.merge(all, new Tree.Mapping(map, root.place(), root.tag()));
  }

  private Tree.Mapping included(SourceFile from, String path, int depth) throws Unreadable {
    SourceFile other = other(from, path);
    return load(other, Sources.first(other), depth + 1);
  }

  private static SourceFile other(SourceFile from, String path) throws Unreadable {
    return Sources.text(from, path)
        .orElseThrow(() ->
            new Unreadable(
                Severity.WARNING,
                Place.start(from.name()),
                "includes or extends a file that cannot be read, so it is not judged",
                "Check it where that file is"));
  }

  private Tree.Mapping complete(SourceFile file, Tree.Mapping root, Tree.Mapping service, int depth)
      throws Unreadable {
    Tree.Entry extending = service.map().get(EXTENDS);
    Tree.Mapping own = LongForm.of(without(service));
    if (extending == null) {
      return own;
    }
    if (depth > DEEPEST) {
      throw new Unreadable(
          Severity.ERROR, extending.key(), "services extend each other in a circle", "Cut it");
    }
    Tree value = extending.value();
    String name = value instanceof Tree.Scalar scalar ? scalar.text() : value.word("service");
    String path = value.word("file");
    SourceFile base = file;
    Tree.Mapping there = root;
    if (!path.isEmpty()) {
      base = other(file, path);
      there = (Tree.Mapping) interpolation.apply(sources.compose(file, path));
    }
    if (!(there.at("services", name) instanceof Tree.Mapping lower)) {
      throw new Unreadable(
          Severity.ERROR,
          extending.key(),
          "extends a service that is not there",
          "Correct the name of the service");
    }
    return Merge.merge(complete(base, there, lower, depth + 1), own);
  }

  private static Tree.Mapping without(Tree.Mapping service) {
    Map<String, Tree.Entry> map = new LinkedHashMap<>(service.map());
    map.remove(EXTENDS);
    return new Tree.Mapping(map, service.place(), service.tag());
  }
}
