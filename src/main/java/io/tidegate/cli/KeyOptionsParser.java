package io.tidegate.cli;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keys of the configuration given on the command line. */
final class KeyOptionsParser {
  private KeyOptionsParser() {}

  /**
   * Reads {@code --deadline 30s} and {@code --deadline=30s}.
   *
   * @throws ProblemException with exit 64 for what is no option; values are not repeated, since
   *     they may be secret
   */
  static Map<String, String> parse(List<String> arguments) {
    Map<String, String> flags = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      if (!argument.startsWith("--") || argument.length() == 2 || equals == 2) {
        throw usage("an option is expected, not " + shown(argument));
      }
      String key = argument.substring(2, equals < 0 ? argument.length() : equals);
      String value;
      if (equals >= 0) {
        value = argument.substring(equals + 1);
      } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
        value = arguments.get(++i);
      } else {
        throw usage("the option --" + key + " wants a value");
      }
      if (flags.putIfAbsent(key, value) != null) {
        throw usage("the option --" + key + " is given twice");
      }
    }
    return flags;
  }

  /** A word is shown, so that a mistyped command can be seen; anything else may hold a secret. */
  private static String shown(String argument) {
    return argument.matches("-?[a-z]{1,20}") ? argument : "what is given";
  }

  private static ProblemException usage(String what) {
    return new ProblemException(
        new Problem(ExitCode.USAGE, what, "command line", "See tidegate --help"));
  }
}
