package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Redactor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with the configuration, so that all of it is reported at once. */
final class Problems {
  /** Begins the place of what stands in an argument of the command line; its number follows. */
  static final String ARGUMENT = "argument ";

  private final Set<Problem> found = new LinkedHashSet<>();
  private final Set<String> warnings = new LinkedHashSet<>();

  /** A mistake in what is declared; in an argument it is one of the command line. */
  void add(String where, String what, String remedy) {
    ExitCode exit = where.startsWith(ARGUMENT) ? ExitCode.USAGE : ExitCode.REFUSED;
    found.add(problem(exit, where, what, remedy));
  }

  void add(String where, RefusedValue refused) {
    add(where, refused.what(), refused.remedy());
  }

  /** What is odd, and was understood all the same. */
  void warn(String where, String what, String remedy) {
    warnings.add(problem(ExitCode.REFUSED, where, what, remedy).line());
  }

  /** One line for each warning. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** A mistake of the command line itself. */
  void usage(String where, String what, String remedy) {
    found.add(problem(ExitCode.USAGE, where, what, remedy));
  }

  /** Throws all that was added, if anything was. */
  void throwIfAny() {
    if (!found.isEmpty()) {
      List<Problem> all = new ArrayList<>(found);
      // A mistake of the command line comes first and so decides the exit code.
      all.sort(Comparator.comparing(problem -> problem.exit() != ExitCode.USAGE));
      throw new ProblemException(all);
    }
  }

  private static Problem problem(ExitCode exit, String where, String what, String remedy) {
    // No text here is made of values; names of keys are the user's, so they are redacted as well.
    return new Problem(exit, what, Redactor.redact(where), remedy);
  }

  /** A name from outside, made fit for a message: bounded, and without control characters. */
  static String printable(String name) {
    String bounded = name.length() <= 100 ? name : name.substring(0, 100) + "...";
    return bounded.replaceAll("\\p{Cntrl}", "?");
  }
}
