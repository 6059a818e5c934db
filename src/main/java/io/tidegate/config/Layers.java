package io.tidegate.config;

import io.tidegate.problem.SpellingSuggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns what stands in the environment, in flags and in the YAML file into declared keys. */
final class Layers {
  private static final String TARGETS = "targets.";

  private final Problems problems;

  Layers(Problems problems) {
    this.problems = problems;
  }

  /** The variables that begin with {@code TIDEGATE_}. An empty one counts as not set. */
  List<Declared> environment(Map<String, String> environment) {
    List<Declared> layer = new ArrayList<>();
    environment.entrySet().stream()
        .filter(variable -> variable.getKey().startsWith(KeyName.VARIABLE_PREFIX))
        .filter(variable -> !ServiceLinks.isOne(variable.getKey(), variable.getValue()))
        .filter(variable -> !isNeedless(variable.getKey(), variable.getValue(), environment))
        .sorted((one, other) -> one.getKey().compareTo(other.getKey()))
        .forEach(variable -> variable(variable.getKey(), variable.getValue(), layer));
    return layer;
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
      problems.add(
          KeyName.printable(name),
          "no such variable is known",
          suggestion(name, candidates(name, "_", true)));
    } else if (!value.isEmpty() || isUrl(key.get())) {
      layer.add(new Declared(key.get(), value, name));
    }
  }

  /** Of a URL, also an empty one is declared: it is a secret that is missing, and is refused. */
  private static boolean isUrl(String key) {
    return Keys.URL.matches(key) || Keys.URL_FILE.matches(key);
  }

  /** Flags, by key with or without {@code tidegate.}. */
  List<Declared> flags(Map<String, String> flags) {
    List<Declared> raw = new ArrayList<>();
    flags.forEach((key, value) -> raw.add(new Declared(key, value, "flag " + key)));
    return known(raw, true);
  }

  /** What stands in the YAML file, its keys as written there. */
  List<Declared> yaml(List<Declared> raw) {
    return known(raw, false);
  }

  private List<Declared> known(List<Declared> raw, boolean flags) {
    Map<String, Declared> layer = new LinkedHashMap<>();
    Map<String, String> targetSpellings = new LinkedHashMap<>();
    for (Declared declared : raw) {
      String key = stripped(KeyName.normal(declared.key()));
      Declared normalised = new Declared(key, declared.value(), printable(declared.origin()));
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
    layer.values().removeIf(declared -> declared.value().isEmpty() && !isUrl(declared.key()));
    return List.copyOf(layer.values());
  }

  /** Whether it is the beginning of keys: a section of the YAML file that was left empty. */
  private static boolean isSection(String key) {
    return key.equals("tidegate")
        || Keys.all().stream().anyMatch(known -> known.pattern().startsWith(key + "."));
  }

  private void sameName(String written, Declared declared, Map<String, String> spellings) {
    if (!declared.key().startsWith(TARGETS)) {
      return;
    }
    String name = Keys.targetOf(declared.key());
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
    String what = "no key %s is known".formatted(KeyName.printable(KeyName.PREFIX + key));
    String remedy = suggestion(key, candidates(key, ".", false));
    if (flag) {
      problems.usage(declared.origin(), what, remedy);
    } else {
      problems.add(declared.origin(), what, remedy);
    }
  }

  private static String suggestion(String name, Set<String> candidates) {
    Optional<String> acceptance = acceptance(name);
    if (acceptance.isPresent()) {
      return "Perhaps you meant " + acceptance.get();
    }
    return SpellingSuggestion.likely(name, candidates)
        .map(likely -> "Perhaps you meant " + likely)
        .orElse("Take it out; docs/configuration.md lists every key");
  }

  /** The key by which a rule is accepted, of a name that has the rule and no word after it. */
  private static Optional<String> acceptance(String name) {
    boolean variable = name.startsWith(KeyName.VARIABLE_PREFIX);
    String separator = variable ? "_" : ".";
    String head = Keys.ACCEPT_REASON.head();
    boolean ofTarget =
        !afterHead(name, variable ? KeyName.variable(TARGETS) : TARGETS, separator).isEmpty();
    String rule =
        ofTarget ? "" : afterHead(name, variable ? KeyName.variable(head) : head, separator);
    String last = rule.substring(rule.lastIndexOf(separator) + 1);
    Set<String> tails = variable ? Set.of("REASON", "UNTIL") : Set.of("reason", "until");
    if (rule.isEmpty() || SpellingSuggestion.likely(last, tails).isPresent()) {
      return Optional.empty();
    }
    String key = Keys.ACCEPT_REASON.of(KeyName.normal(rule));
    return Optional.of(variable ? KeyName.variable(key) : key);
  }

  /** Every key as it could be meant here: with the same chosen part as the name that was written. */
  private static Set<String> candidates(String name, String separator, boolean variable) {
    Set<String> candidates = new LinkedHashSet<>();
    for (Key<?> key : Keys.all()) {
      if (!key.isChosen()) {
        candidates.add(variable ? KeyName.variable(key.pattern()) : key.pattern());
        continue;
      }
      String head = variable ? KeyName.variable(key.head()) : key.head();
      String tail =
          variable
              ? KeyName.variable(key.tail()).substring(KeyName.VARIABLE_PREFIX.length())
              : key.tail();
      String rest = afterHead(name, head, separator);
      for (int end = rest.indexOf(separator); end > 0; end = rest.indexOf(separator, end + 1)) {
        candidates.add(head + rest.substring(0, end) + tail);
      }
      candidates.add(head + "<name>" + tail);
    }
    return candidates;
  }

  /** What follows the head of a key, also where that is misspelt; empty: it is another head. */
  private static String afterHead(String name, String head, String separator) {
    if (name.startsWith(head)) {
      return name.substring(head.length());
    }
    for (int at = name.indexOf(separator); at > 0; at = name.indexOf(separator, at + 1)) {
      String written = name.substring(0, at + 1);
      if (Math.abs(written.length() - head.length()) <= 2
          && SpellingSuggestion.likely(written, Set.of(head)).isPresent()) {
        return name.substring(at + 1);
      }
    }
    return "";
  }

  private static String stripped(String key) {
    return key.regionMatches(true, 0, KeyName.PREFIX, 0, KeyName.PREFIX.length())
        ? key.substring(KeyName.PREFIX.length())
        : key;
  }

  private static String printable(String origin) {
    return KeyName.printable(origin);
  }
}
