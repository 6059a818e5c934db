package io.tidegate.schema;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The migrations of Django's apps in a folder: {@code <app>/migrations/<name>.py}. The folder of an app
 * has to have the app's label as its name, since the history names migrations by that.
 *
 * @see <a href="https://docs.djangoproject.com/en/stable/topics/migrations/#squashing-migrations">
 *     Squashing migrations</a>
 */
final class DjangoApps {
  private static final Pattern MIGRATION =
      Pattern.compile("((?:.*/)?([^/]+)/migrations)/([^/_~][^/]*)\\.py");

  private static final String INDENT = "[ \\t]*";

  private final List<String> migrations = new ArrayList<>();
  private final Map<String, Set<String>> replaced = new HashMap<>();

  private DjangoApps() {}

  /**
   * Reads all apps below a folder, or one if the folder is the migrations of it.
   *
   * @throws io.tidegate.problem.ProblemException with exit 78 if it cannot be read as such
   */
  static Requirement read(Path directory) {
    Path folder = directory.toAbsolutePath().normalize();
    Path app = folder.getParent();
    if (folder.endsWith("migrations") && app != null && app.getParent() != null) {
      folder = app.getParent();
      return new DjangoApps().read(folder, directory, app.getFileName() + "/migrations/");
    }
    return new DjangoApps().read(folder, directory, "");
  }

  private Requirement read(Path root, Path declared, String prefix) {
    Map<String, String> folders = new HashMap<>();
    for (String below : MigrationFolder.files(declared)) {
      String file = prefix + below;
      Matcher matcher = MIGRATION.matcher(file);
      if (!matcher.matches()) {
        continue;
      }
      String other = folders.putIfAbsent(matcher.group(2), matcher.group(1));
      if (other != null && !other.equals(matcher.group(1))) {
        throw HistoryGate.refusal(
            "names %s, in which %s and %s are both the app %s"
                .formatted(declared, other, matcher.group(1), matcher.group(2)),
            "Mount those apps alone that the project uses");
      }
      take(root.resolve(file), matcher.group(2) + "." + matcher.group(3));
    }
    if (migrations.isEmpty()) {
      throw MigrationFolder.none(SchemaTool.DJANGO, declared);
    }
    return new RequiredMigrations(SchemaTool.DJANGO, migrations, replaced, true);
  }

  private void take(Path file, String migration) {
    PythonSource source = PythonSource.read(file);
    if (!source.hasClass("Migration")) {
      throw HistoryGate.refusal(
          "leads to %s, which has no class Migration".formatted(file),
          "Take it out of the folder of migrations, as Django asks for too");
    }
    migrations.add(migration);
    List<String> parts = source.strings("replaces", INDENT).orElse(List.of());
    if (parts.size() % 2 != 0) {
      throw HistoryGate.refusal(
          "leads to %s, whose replaces does not pair an app with a migration".formatted(file),
          "Write each as (app, migration)");
    }
    Set<String> those = new HashSet<>();
    for (int i = 0; i < parts.size(); i += 2) {
      those.add(parts.get(i) + "." + parts.get(i + 1));
    }
    if (!those.isEmpty()) {
      replaced.put(migration, those);
    }
  }
}
