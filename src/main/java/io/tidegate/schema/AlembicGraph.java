package io.tidegate.schema;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The revisions of an Alembic folder. Its history table holds the newest applied revision of each
 * branch, so that those before it are found here.
 *
 * @see <a href="https://alembic.sqlalchemy.org/en/latest/branches.html">Branches</a>
 */
final class AlembicGraph implements Requirement {
  /** As Alembic chooses its files. */
  private static final Pattern SCRIPT = Pattern.compile("(?:.*/)?(?!\\.#|__init__)[^/]*\\.py");

  private final Map<String, Script> scripts = new HashMap<>();
  private final NavigableSet<String> heads;

  /**
   * One file.
   *
   * @param parents the revisions that it follows
   * @param dependencies other revisions that must be applied before it
   */
  private record Script(Path file, Set<String> parents, Set<String> dependencies) {}

  private AlembicGraph(Path directory, List<String> files) {
    Map<String, String> labels = new HashMap<>();
    for (String file : files) {
      read(directory.resolve(file), labels);
    }
    scripts.replaceAll((revision, script) ->
        new Script(
            script.file(),
            resolved(script.parents(), labels, script.file()),
            resolved(script.dependencies(), labels, script.file())));
    heads = new TreeSet<>(scripts.keySet());
    scripts.values().forEach(script -> heads.removeAll(script.parents()));
    if (!closure(heads).containsAll(scripts.keySet())) {
      throw HistoryGate.refusal(
          "names %s, whose revisions follow each other in a circle".formatted(directory),
          "Look at what alembic history says of it");
    }
  }

  /**
   * Reads the folder {@code versions}, or the one that holds it.
   *
   * @throws io.tidegate.problem.ProblemException with exit 78 if its revisions cannot be told
   */
  static AlembicGraph read(Path directory) {
    Path versions = directory.resolve("versions");
    Path folder = Files.isDirectory(versions) ? versions : directory;
    List<String> files =
        MigrationFolder.files(folder).stream()
            .filter(file -> SCRIPT.matcher(file).matches())
            .toList();
    if (files.isEmpty()) {
      throw MigrationFolder.none(SchemaTool.ALEMBIC, directory);
    }
    return new AlembicGraph(folder, files);
  }

  private void read(Path file, Map<String, String> labels) {
    PythonSource source = PythonSource.read(file);
    List<String> own = source.strings("revision", "").orElse(List.of());
    if (own.size() != 1) {
      throw HistoryGate.refusal(
          "leads to %s, which assigns no revision".formatted(file),
          "Name the folder versions of Alembic, which holds nothing but revisions");
    }
    String revision = own.getFirst();
    if (source.strings("down_revision", "").isEmpty()) {
      throw HistoryGate.refusal(
          "leads to %s, which assigns no down_revision".formatted(file),
          "Write it as Alembic's own template does, None where nothing comes before");
    }
    Script script =
        new Script(file, strings(source, "down_revision"), strings(source, "depends_on"));
    Script other = scripts.put(revision, script);
    if (other != null) {
      throw HistoryGate.refusal(
          "has the revision %s twice: %s and %s".formatted(revision, other.file(), file),
          "Take one of them out");
    }
    strings(source, "branch_labels").forEach(label -> labels.put(label, revision));
  }

  private static Set<String> strings(PythonSource source, String name) {
    return new HashSet<>(source.strings(name, "").orElse(List.of()));
  }

  private Set<String> resolved(Set<String> names, Map<String, String> labels, Path file) {
    Set<String> revisions = new HashSet<>();
    for (String name : names) {
      String revision = scripts.containsKey(name) ? name : labels.get(name);
      if (revision == null) {
        throw HistoryGate.refusal(
            "leads to %s, which follows %s, and that is not in the folder".formatted(file, name),
            "Mount the whole folder versions of Alembic");
      }
      revisions.add(revision);
    }
    return revisions;
  }

  /** The newest revision of each branch, as {@code alembic heads} prints them. */
  NavigableSet<String> heads() {
    return heads;
  }

  @Override
  public Progress check(AppliedMigrations history) {
    NavigableSet<String> rows = new TreeSet<>(history.applied());
    NavigableSet<String> unknown = new TreeSet<>(rows);
    unknown.removeAll(scripts.keySet());
    Set<String> applied = closure(rows);
    NavigableSet<String> behind = new TreeSet<>(heads);
    behind.removeAll(applied);
    if (!unknown.isEmpty()) {
      // What a later version of the app applied may stand for a head, but for none whose branch has
      // a
      // row of its own that comes before it.
      behind.removeIf(head -> closure(Set.of(head)).stream().noneMatch(rows::contains));
    }
    if (behind.isEmpty()) {
      return unknown.isEmpty()
          ? new Progress(State.REACHED, String.join(", ", heads))
          : new Progress(
              State.AHEAD, "%s, ahead of %s".formatted(join(unknown), String.join(", ", heads)));
    }
    Set<String> missing = closure(behind);
    missing.removeAll(applied);
    return new Progress(
        State.BEHIND,
        "%s applied, %d behind %s"
            .formatted(
                rows.isEmpty()
                    ? "no revision is"
                    : rows.size() == 1
                        ? "revision " + join(rows) + " is"
                        : "revisions " + join(rows) + " are",
                missing.size(),
                join(behind)));
  }

  private static String join(Collection<String> revisions) {
    return String.join(", ", revisions);
  }

  /** Those revisions, as far as they are in the folder, and all that come before them. */
  private Set<String> closure(Collection<String> revisions) {
    Set<String> found = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(revisions);
    while (!open.isEmpty()) {
      String revision = open.pop();
      if (scripts.containsKey(revision) && found.add(revision)) {
        Script script = Objects.requireNonNull(scripts.get(revision));
        open.addAll(script.parents());
        open.addAll(script.dependencies());
      }
    }
    return found;
  }
}
