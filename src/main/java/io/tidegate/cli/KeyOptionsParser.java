package io.tidegate.cli;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Keys of the configuration given on the command line, and the URLs that {@code wait} takes. */
final class KeyOptionsParser {
  private static final Pattern KEY = Pattern.compile("--[\\w.-]+");

  private KeyOptionsParser() {}

  /**
   * What the command line declares.
   *
   * @param keys by key, as written after the two hyphens
   * @param urls in the order given
   */
  record Parsed(Map<String, String> keys, List<String> urls) {}

  /**
   * Reads {@code --deadline 30s} and {@code --deadline=30s}.
   *
   * @throws ProblemException with exit 64 for what is no option; values are not repeated, since
   *     they may be secret
   */
  static Map<String, String> parse(List<String> arguments) {
    Parsed parsed = parseWithUrls(arguments);
    if (!parsed.urls().isEmpty()) {
      throw usage("an option is expected, not " + shown(parsed.urls().getFirst()));
    }
    return parsed.keys();
  }

  /** Reads the same, and each argument that belongs to no option as a URL. */
  static Parsed parseWithUrls(List<String> arguments) {
    Map<String, String> keys = new LinkedHashMap<>();
    List<String> urls = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      if (!argument.startsWith("-")) {
        urls.add(argument);
        continue;
      }
      String key = argument.substring(0, equals < 0 ? argument.length() : equals);
      if (!KEY.matcher(key).matches()) {
        throw usage("an option is expected, not " + shown(argument));
      }
      key = key.substring(2);
      String value;
      if (equals >= 0) {
        value = argument.substring(equals + 1);
      } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
        value = arguments.get(++i);
      } else {
        throw usage("the option --" + key + " wants a value");
      }
      if (keys.putIfAbsent(key, value) != null) {
        throw usage("the option --" + key + " is given twice");
      }
    }
    return new Parsed(keys, urls);
  }

  /** A word is shown, so that a mistyped command can be seen; anything else may hold a secret. */
  static String shown(String argument) {
    return argument.matches("-?[a-z]{1,20}") ? argument : "what is given";
  }

  static ProblemException usage(String what) {
    return new ProblemException(
        new Problem(ExitCode.USAGE, what, "command line", "See tidegate --help"));
  }
}
