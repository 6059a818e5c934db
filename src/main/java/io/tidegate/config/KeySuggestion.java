package io.tidegate.config;

import io.tidegate.problem.SpellingSuggestion;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What was likely meant by a key or a variable that is not known. */
final class KeySuggestion {
  private static final String TARGETS = "targets.";

  /** What other tools call the deadline, and {@code wait} as an option. */
  private static final String TIMEOUT = "timeout";

  private KeySuggestion() {}

  /** What to do about a name that is not known, which is the likely spelling if there is one. */
  static String remedy(String name) {
    boolean variable = name.startsWith(Key.VARIABLE_PREFIX);
    Optional<String> acceptance = acceptance(name, variable);
    if (acceptance.isPresent()) {
      return "Perhaps you meant " + acceptance.get();
    }
    String timeout = variable ? Key.toVariable(TIMEOUT) : TIMEOUT;
    if (SpellingSuggestion.likely(name, Set.of(timeout)).isPresent()) {
      Key<?> deadline = Keys.DEADLINE.global();
      return "Perhaps you meant " + (variable ? deadline.variable() : deadline.pattern());
    }
    return SpellingSuggestion.likely(name, candidates(name, variable))
        .map(likely -> "Perhaps you meant " + likely)
        .orElse("Take it out; docs/configuration.md lists every key");
  }

  /** The key by which a rule is accepted, of a name that has the rule and no word after it. */
  private static Optional<String> acceptance(String name, boolean variable) {
    String separator = variable ? "_" : ".";
    String head = Keys.ACCEPT_REASON.head();
    boolean ofTarget =
        !afterHead(name, variable ? Key.toVariable(TARGETS) : TARGETS, separator).isEmpty();
    String rule =
        ofTarget ? "" : afterHead(name, variable ? Key.toVariable(head) : head, separator);
    String last = rule.substring(rule.lastIndexOf(separator) + 1);
    Set<String> tails = variable ? Set.of("REASON", "UNTIL") : Set.of("reason", "until");
    if (rule.isEmpty() || SpellingSuggestion.likely(last, tails).isPresent()) {
      return Optional.empty();
    }
    String key = Keys.ACCEPT_REASON.of(Key.normal(rule));
    return Optional.of(variable ? Key.toVariable(key) : key);
  }

  /** Every key as it could be meant here: with the same chosen part as the name that was written. */
  private static Set<String> candidates(String name, boolean variable) {
    String separator = variable ? "_" : ".";
    Set<String> candidates = new LinkedHashSet<>();
    for (Key<?> key : Keys.all()) {
      if (!key.isChosen()) {
        candidates.add(variable ? key.variable() : key.pattern());
        continue;
      }
      String head = variable ? Key.toVariable(key.head()) : key.head();
      String tail =
          variable
              ? Key.toVariable(key.tail()).substring(Key.VARIABLE_PREFIX.length())
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
}
