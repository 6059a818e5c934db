package io.tidegate.config;

import io.tidegate.config.ConnectionParts.DeclaredParts;
import io.tidegate.config.Declarations.Declared;
import io.tidegate.config.Settings.HttpSettings;
import io.tidegate.config.Settings.WatchSettings;
import io.tidegate.config.TargetUrlReader.TargetUrl;
import io.tidegate.logging.Logs.LogSettings;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.policy.Guard.Acceptance;
import io.tidegate.target.EngineCatalog;
import io.tidegate.target.EngineTraits.ChangelogKind;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads everything a user declared: the YAML file, over it the environment, over that the flags.
 * Where no target's URL is declared, the well-known variables ({@code DATABASE_URL}, {@code PGHOST},
 * ...) are the targets.
 */
public final class SettingsReader {
  /** The YAML file that is read if it exists. */
  public static final String DEFAULT_CONFIG = "/etc/tidegate/tidegate.yaml";

  private final UrlParser parser;

  /** Takes the engines that URLs may name. */
  public SettingsReader(EngineCatalog engines) {
    this.parser = new UrlParser(engines);
  }

  /** Reads and checks what is declared without arguments of the command line. */
  public Settings read(
      Map<String, String> environment, Map<String, String> flags, @Nullable Path config) {
    return read(environment, flags, List.of(), config);
  }

  /**
   * Reads and checks all of it.
   *
   * @param environment all environment variables
   * @param flags by key, with or without {@code tidegate.}: {@code targets.db.url}
   * @param urls the arguments of {@code wait}; if there are any, they alone are the targets
   * @param config the YAML file that the command line names; null: the one that {@code
   *     TIDEGATE_CONFIG} names, or else {@link #DEFAULT_CONFIG} if it exists
   * @throws io.tidegate.problem.ProblemException with every problem found
   */
  public Settings read(
      Map<String, String> environment,
      Map<String, String> flags,
      List<String> urls,
      @Nullable Path config) {
    Problems problems = new Problems();
    Declarations declarations = new Declarations(problems);
    List<List<Declared>> layers = new DeclarationReader(problems).read(config, environment, flags);
    if (!urls.isEmpty()) {
      layers = UrlArguments.replaceTargets(layers, urls, parser, problems);
    }
    DeclaredParts parts = declare(declarations, layers, environment, problems);
    List<Target> targets = targets(declarations, parts, problems);
    Settings settings =
        new Settings(
            targets,
            declarations.getOrNull(Keys.APP, ""),
            declarations.getOrNull(Keys.REPLICAS, ""),
            declarations.getOrNull(Keys.REPLICAS_DNS, ""),
            declarations.get(Keys.SERVICE_ACCOUNT),
            acceptances(declarations, problems),
            new MigrationSettings(
                declarations.get(Keys.LOCK_WAIT),
                declarations.get(Keys.LOCK_TIMEOUT),
                declarations.get(Keys.STATEMENT_TIMEOUT),
                declarations.get(Keys.STOP_GRACE)),
            new WatchSettings(
                declarations.get(Keys.WATCH_INTERVAL),
                declarations.get(Keys.WATCH_FAILURES),
                declarations.get(Keys.RECOUNT)),
            new HttpSettings(declarations.get(Keys.HTTP_HOST), declarations.get(Keys.HTTP_PORT)),
            new LogSettings(declarations.get(Keys.LOG_FORMAT), declarations.get(Keys.LOG_LEVEL)),
            environment,
            problems.warnings());
    problems.throwIfAny();
    return settings;
  }

  /**
   * Puts in all layers, the well-known variables below them where no layer names a target's URL. Gives
   * what variables beside URLs add to them.
   */
  private DeclaredParts declare(
      Declarations declarations,
      List<List<Declared>> layers,
      Map<String, String> environment,
      Problems problems) {
    boolean anyParts = PartVariableNames.anySet(environment);
    if (isUrlDeclared(layers)) {
      layers.forEach(declarations::put);
      List<Declared> all = List.copyOf(declarations.all());
      return anyParts
          ? ConnectionParts.beside(environment, all, parser, problems)
          : DeclaredParts.NONE;
    }
    List<Declared> urls = WellKnownVariable.layer(environment);
    DeclaredParts parts =
        anyParts
            ? ConnectionParts.read(environment, urls, parser, problems)
            : new DeclaredParts(urls, Map.of(), false);
    declarations.put(parts.layer());
    layers.forEach(declarations::put);
    return parts;
  }

  private static boolean isUrlDeclared(List<List<Declared>> layers) {
    for (List<Declared> layer : layers) {
      for (Declared declared : layer) {
        if (DeclarationReader.isUrl(declared)) {
          return true;
        }
      }
    }
    return false;
  }

  private List<Target> targets(Declarations declarations, DeclaredParts parts, Problems problems) {
    Set<String> names = declarations.targets();
    if (names.isEmpty() && !parts.anyRefused()) {
      problems.add(
          "configuration",
          "no target is declared, so there is nothing to wait for",
          "Set DATABASE_URL to the URL that the app uses, as in"
              + " postgresql://user@db.example:5432/app");
    }
    TargetUrlReader urlReader = new TargetUrlReader(declarations, parts, parser, problems);
    TargetReader reader = new TargetReader(declarations, urlReader, problems);
    Map<String, Optional<TargetUrl>> urls = new LinkedHashMap<>();
    for (String name : names) {
      urls.put(name, urlReader.url(name));
    }
    Path shared = declarations.getOrNull(Keys.CHANGELOG, "");
    String migrated = shared == null ? "" : migrated(declarations, urls, shared, problems);
    List<Target> targets = new ArrayList<>();
    for (Map.Entry<String, Optional<TargetUrl>> one : urls.entrySet()) {
      Path changelog = one.getKey().equals(migrated) ? shared : null;
      reader.read(one.getKey(), one.getValue(), changelog).ifPresent(targets::add);
    }
    return targets;
  }

  /**
   * The one target that the changelog without a target's name is for; empty: none. A schema that another
   * tool keeps is not migrated here.
   */
  private static String migrated(
      Declarations declarations,
      Map<String, Optional<TargetUrl>> urls,
      Path shared,
      Problems problems) {
    String origin = declarations.origin(Keys.CHANGELOG, "");
    TargetReader.checkReadable(shared, origin, problems);
    List<String> able = new ArrayList<>();
    urls.forEach((name, url) ->
        url.filter(at -> at.first().engine().traits().changelogs() != ChangelogKind.NONE)
            .filter(at -> declarations.find(Keys.SCHEMA_TOOL, name) == null)
            .ifPresent(at -> able.add(name)));
    if (able.size() == 1) {
      return able.getFirst();
    }
    boolean allRead = urls.values().stream().allMatch(Optional::isPresent);
    if (allRead && !urls.isEmpty()) {
      problems.add(
          origin,
          able.isEmpty()
              ? "no target can be migrated"
              : "several targets can be migrated: " + String.join(", ", able),
          able.isEmpty()
              ? "Take the changelog out, or declare the target that it is for"
              : "Set " + Keys.TARGET_CHANGELOG.variable(able.getFirst()) + " instead");
    }
    return "";
  }

  private static List<Acceptance> acceptances(Declarations declarations, Problems problems) {
    Set<String> rules = new LinkedHashSet<>();
    for (Key<?> key : List.of(Keys.ACCEPT_REASON, Keys.ACCEPT_UNTIL)) {
      for (Declared declared : declarations.all()) {
        if (key.matches(declared.key())) {
          rules.add(key.chosen(declared.key()));
        }
      }
    }
    List<Acceptance> acceptances = new ArrayList<>();
    for (String rule : rules) {
      String reason = declarations.getOrNull(Keys.ACCEPT_REASON, rule);
      var until = declarations.getOrNull(Keys.ACCEPT_UNTIL, rule);
      if (reason == null || reason.isBlank()) {
        problems.add(
            "accept." + rule,
            "a rule is accepted without a reason",
            "Set %s to why".formatted(Keys.ACCEPT_REASON.variable(rule)));
      } else {
        acceptances.add(new Acceptance(rule, reason, until));
      }
    }
    return acceptances;
  }
}
