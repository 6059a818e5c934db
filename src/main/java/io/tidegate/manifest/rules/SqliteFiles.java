package io.tidegate.manifest.rules;

import io.tidegate.manifest.appfile.AppFile;
import io.tidegate.manifest.appfile.AppFile.Setting;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.Storage.MountedFile;
import io.tidegate.policy.sqlite.SqliteDetector;
import io.tidegate.policy.sqlite.SqliteDetector.Detection;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.SourceText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds SQLite in the variables of containers and, at most once a file, in their configuration files. */
final class SqliteFiles {
  /** Of all containers: a file that ten thousand services mount is not read for each of them. */
  private static final long MOST_CHARACTERS = 32L << 20;

  /** Sections that a deployed app does not use. */
  private static final Set<String> ELSEWHERE = Set.of("development", "dev", "test", "testing");

  /** What chooses a database, and what it then chooses: files list what only SQLite needs beside it. */
  private static final Pattern CHOICE =
      Pattern.compile(
          "(?i)(?:.*[._-])?(?:type|connection|driver|adapter|client|dialect|engine|provider)");

  private static final Pattern SERVER =
      Pattern.compile(
          "(?i).*(?:postgres|pgsql|mysql|mariadb|mssql|sqlserver|oracle|cockroach|mongo).*|pg");

  /** A template of Ruby; the others are known from variables. */
  private static final String TEMPLATE = "<%";

  private long left = MOST_CHARACTERS;

  /** All in its variables, and the surest of each configuration file. */
  List<ConfiguredSqlite> in(Container container) {
    List<ConfiguredSqlite> found = new ArrayList<>(inVariables(container));
    found.addAll(inFiles(container));
    return found;
  }

  private static List<ConfiguredSqlite> inVariables(Container container) {
    Map<String, Variable> known = new LinkedHashMap<>();
    Map<String, String> settings = new LinkedHashMap<>();
    for (Variable variable : container.environment()) {
      if (!variable.known().isEmpty()) {
        known.put(variable.name(), variable);
        settings.put(variable.name(), variable.known());
      }
    }
    List<ConfiguredSqlite> found = new ArrayList<>();
    SqliteDetector.detectAll(settings)
        .forEach((name, detection) -> {
          Variable variable = known.get(name);
          if (variable != null) {
            found.add(new ConfiguredSqlite(name, variable.location(), detection));
          }
        });
    return found;
  }

  private List<ConfiguredSqlite> inFiles(Container container) {
    Set<String> variables = new HashSet<>();
    for (Variable variable : container.environment()) {
      String name = spelled(variable.name());
      variables.add(name);
      // GF_DATABASE_TYPE has the app's own name in front.
      variables.add(name.substring(name.indexOf('_') + 1));
    }
    List<ConfiguredSqlite> found = new ArrayList<>();
    new TreeMap<>(container.storage().files())
        .values()
        .forEach(file -> {
          left -= AppFile.isKnown(file.path()) ? file.text().length() : 0;
          if (left >= 0) {
            in(file, variables).ifPresent(found::add);
          }
        });
    return found;
  }

  private static Optional<ConfiguredSqlite> in(MountedFile file, Set<String> variables) {
    List<Setting> settings =
        AppFile.read(file.path(), file.text()).stream()
            .filter(setting -> isKnown(setting, file) && !isElsewhere(setting))
            .toList();
    List<String> values = settings.stream().map(Setting::value).toList();
    Set<List<String>> decided =
        settings.stream()
            .filter(setting -> decides(setting, variables))
            .map(Setting::section)
            .collect(Collectors.toSet());
    @Nullable ConfiguredSqlite first = null;
    for (Setting setting : settings) {
      Detection detection =
          SqliteDetector.detect(setting.name(), setting.value(), values).orElse(null);
      if (detection == null || isOverridden(setting, variables)) {
        continue;
      }
      boolean sure = detection.certainty() == Detection.Certainty.SURE;
      // Outside of any section there may be several databases.
      if (decided.contains(setting.section()) && !(sure && setting.section().isEmpty())) {
        continue;
      }
      ConfiguredSqlite here =
          new ConfiguredSqlite(
              setting.key() + " in " + file.path(),
              file.at(setting.line(), setting.column()),
              detection);
      if (sure) {
        return Optional.of(here);
      }
      first = first == null ? here : first;
    }
    return Optional.ofNullable(first);
  }

  /** Whether a section's database is a server, or is chosen by a variable. */
  private static boolean decides(Setting setting, Set<String> variables) {
    return CHOICE.matcher(setting.path().getLast()).matches()
        && (SERVER.matcher(setting.value()).matches() || isOverridden(setting, variables));
  }

  private static boolean isKnown(Setting setting, MountedFile file) {
    return SourceText.of(setting.value(), file.mount()).isKnown()
        && !setting.value().contains(TEMPLATE);
  }

  private static boolean isElsewhere(Setting setting) {
    return setting.section().stream()
        .anyMatch(section -> ELSEWHERE.contains(section.toLowerCase(Locale.ROOT)));
  }

  /** A variable such as {@code SPRING_DATASOURCE_URL} goes before what the file says. */
  private static boolean isOverridden(Setting setting, Set<String> variables) {
    String key = spelled(setting.key());
    return key.contains("_") && variables.contains(key);
  }

  private static String spelled(String name) {
    return name.replaceAll("[^A-Za-z0-9]+", "_").toUpperCase(Locale.ROOT);
  }

  /**
   * SQLite in a variable or in a configuration file.
   *
   * @param setting the variable, or the key and its file
   */
  record ConfiguredSqlite(String setting, Location location, Detection detection) {}
}
