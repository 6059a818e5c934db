package io.tidegate.problem;

import java.util.List;

/** Carries problems up to the one place that reports them and ends the process. */
public final class ProblemException extends RuntimeException {
  private final List<Problem> problems;

  /** Takes at least one problem; the first decides the exit code. */
  public ProblemException(List<Problem> problems) {
    super(problems.stream().map(Problem::line).reduce((a, b) -> a + "\n" + b).orElseThrow());
    this.problems = List.copyOf(problems);
  }

  /** Takes the only problem. */
  public ProblemException(Problem problem) {
    this(List.of(problem));
  }

  /** Takes the parts of the only problem, as {@link Problem} does, and its cause. */
  public ProblemException(
      ExitCode exit, String what, String where, String remedy, Throwable cause) {
    this(new Problem(exit, what, where, remedy));
    initCause(cause);
  }

  /** All problems, in the order found. */
  public List<Problem> problems() {
    return problems;
  }

  /** The code of the first problem. */
  public ExitCode exit() {
    return problems.getFirst().exit();
  }
}
