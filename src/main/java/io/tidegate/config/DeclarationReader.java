package io.tidegate.config;

import io.tidegate.config.Declarations.Declared;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what stands in the environment, in flags and in the YAML file into declared keys. */
final class DeclarationReader {
  private static final String TARGETS = "targets.";

  private final Problems problems;

  DeclarationReader(Problems problems) {
    this.problems = problems;
  }

  /** All layers, the weakest first: the YAML file, the environment, the flags. */
  List<List<Declared>> read(
      @Nullable Path config, Map<String, String> environment, Map<String, String> flags) {
    return List.of(yaml(config, environment, flags), environment(environment), flags(flags));
  }

  /**
   * What stands in the YAML file that the command line names, else in the one of {@code
   * TIDEGATE_CONFIG}, else in the one in the usual place, if it exists.
   */
  List<Declared> yaml(
      @Nullable Path config, Map<String, String> environment, Map<String, String> flags) {
    return known(readFile(config, environment, flags), false);
  }

  private List<Declared> readFile(
      @Nullable Path config, Map<String, String> environment, Map<String, String> flags) {
    String variable = Keys.CONFIG.variable();
    String key = Keys.CONFIG.pattern();
    String flag = flags.getOrDefault(key, flags.getOrDefault(Key.PREFIX + key, ""));
    String named = flag.isEmpty() ? environment.getOrDefault(variable, "") : flag;
    try {
      if (config != null) {
        return YamlFile.read(config, "--config", problems);
      }
      if (!named.isEmpty()) {
        return YamlFile.read(Path.of(named), flag.isEmpty() ? variable : "flag config", problems);
      }
      Path usual = Path.of(SettingsReader.DEFAULT_CONFIG);
      return Files.exists(usual) ? YamlFile.read(usual, usual.toString(), problems) : List.of();
    } catch (InvalidPathException e) {
      problems.add(variable, "is not a path", "Write the path of a YAML file");
      return List.of();
    }
  }

  /** The variables that begin with {@code TIDEGATE_}. An empty one counts as not set. */
  private List<Declared> environment(Map<String, String> environment) {
    List<Declared> layer = new ArrayList<>();
    environment.entrySet().stream()
        .filter(variable -> variable.getKey().startsWith(Key.VARIABLE_PREFIX))
        .filter(variable -> !isServiceLink(variable.getKey(), variable.getValue()))
        .filter(variable -> !isNeedless(variable.getKey(), variable.getValue(), environment))
        .sorted((one, other) -> one.getKey().compareTo(other.getKey()))
        .forEach(variable -> variable(variable.getKey(), variable.getValue(), layer));
    return layer;
  }

  /** Whether a variable is of a Kubernetes service; {@code TIDEGATE_HTTP_PORT} is one by its value. */
  static boolean isServiceLink(String variable, String value) {
    return ServiceLink.NAME.matcher(variable).matches()
        || (ServiceLink.PORT.matcher(variable).matches()
            && (value.startsWith("tcp://")
                || value.startsWith("udp://")
                || value.startsWith("sctp://")));
  }

  /** An empty file's name beside the URL itself. */
  private static boolean isNeedless(String name, String value, Map<String, String> environment) {
    return value.isEmpty()
        && name.endsWith("_URL_FILE")
        && !environment
            .getOrDefault(name.substring(0, name.length() - "_FILE".length()), "")
            .isEmpty();
  }

  private void variable(String name, String value, List<Declared> layer) {
    Optional<String> key =
        Keys.all().stream()
            .sorted((a, b) -> b.pattern().length() - a.pattern().length())
            .flatMap(candidate -> Optional.ofNullable(candidate.fromVariable(name)).stream())
            .findFirst();
    if (key.isEmpty()) {
      problems.add(Problems.printable(name), "unknown variable", KeySuggestion.remedy(name));
      return;
    }
    Declared declared = new Declared(key.get(), value, name);
    if (!value.isEmpty() || isRefusedEmpty(declared)) {
      layer.add(declared);
    }
  }

  /** Whether it is a target's URL. */
  static boolean isUrl(Declared declared) {
    return Keys.CONNECTION.isUrl(declared.key());
  }

  /** Whether it counts as declared even when it is empty: a secret that is missing is refused. */
  private static boolean isRefusedEmpty(Declared declared) {
    return isUrl(declared) || Keys.MIGRATION.isUrl(declared.key());
  }

  /** Whether an empty text is a value: that of a placeholder is, but not where a variable is missing. */
  private static boolean mayBeEmpty(Declared declared) {
    return Keys.PLACEHOLDER.matches(declared.key())
        && !Keys.PLACEHOLDER_FILE.matches(declared.key());
  }

  /** Flags, by key with or without {@code tidegate.}. */
  private List<Declared> flags(Map<String, String> flags) {
    List<Declared> raw = new ArrayList<>();
    flags.forEach((key, value) -> raw.add(new Declared(key, value, "flag " + key)));
    return known(raw, true);
  }

  private List<Declared> known(List<Declared> raw, boolean flags) {
    Map<String, Declared> layer = new LinkedHashMap<>();
    Map<String, String> targetSpellings = new LinkedHashMap<>();
    for (Declared declared : raw) {
      String key = Keys.PLACEHOLDER.withNormalSecond(stripped(Key.normal(declared.key())));
      Declared normalised =
          new Declared(key, declared.value(), Problems.printable(declared.origin()));
      if (declared.value().isEmpty() && isSection(key)) {
        continue;
      }
      if (Keys.all().stream().noneMatch(candidate -> candidate.matches(key))) {
        unknown(normalised, flags);
        continue;
      }
      if (!flags && Keys.CONFIG.matches(key)) {
        problems.add(
            normalised.origin(), "a file cannot name the file to read", "Use --config instead");
        continue;
      }
      Declared other = layer.putIfAbsent(key, normalised);
      if (other != null) {
        problems.add(
            normalised.origin(),
            "%s is declared twice, also at %s".formatted(key, other.origin()),
            "Keep one of the two");
      }
      sameName(stripped(declared.key()), normalised, targetSpellings);
    }
    layer
        .values()
        .removeIf(declared ->
            declared.value().isEmpty() && !isRefusedEmpty(declared) && !mayBeEmpty(declared));
    return List.copyOf(layer.values());
  }

  /** Whether it is the beginning of keys: a section of the YAML file that was left empty. */
  private static boolean isSection(String key) {
    return key.equals("tidegate")
        || Keys.all().stream().anyMatch(known -> known.pattern().startsWith(key + "."));
  }

  private void sameName(String written, Declared declared, Map<String, String> spellings) {
    if (!declared.isOfTarget()) {
      return;
    }
    String name = Declarations.targetOf(declared.key());
    String spelling = written.substring(TARGETS.length(), TARGETS.length() + name.length());
    String other = spellings.putIfAbsent(name, spelling);
    if (other != null && !other.equals(spelling)) {
      problems.add(
          declared.origin(),
          "two targets have one name: %s and %s both mean %s".formatted(other, spelling, name),
          "Rename one of them");
    }
  }

  private void unknown(Declared declared, boolean flag) {
    String key = declared.key();
    String what = "unknown key %s".formatted(Problems.printable(Key.PREFIX + key));
    String remedy = KeySuggestion.remedy(key);
    if (flag) {
      problems.usage(declared.origin(), what, remedy);
    } else {
      problems.add(declared.origin(), what, remedy);
    }
  }

  private static String stripped(String key) {
    return key.regionMatches(true, 0, Key.PREFIX, 0, Key.PREFIX.length())
        ? key.substring(Key.PREFIX.length())
        : key;
  }

  /**
   * The variables that Kubernetes puts into every container of a namespace for each of its services. A
   * service called {@code tidegate}, or {@code tidegate-http}, gives some that begin as ours do.
   *
   * @see <a href="https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables">the
   *     names</a>
   */
  private static final class ServiceLink {
    static final Pattern NAME =
        Pattern.compile(
            "TIDEGATE(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?"
                + "|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");
    static final Pattern PORT = Pattern.compile("TIDEGATE(_[A-Z0-9_]+)?_PORT");
  }
}
