package io.tidegate.problem;

/**
 * The one table of exit codes. The numbers follow BSD's sysexits, so that scripts can tell a retry
 * from a mistake. {@link #PENDING} stands below them: it is an answer, not a failure.
 */
public enum ExitCode {
  DONE(0, "done"),
  PENDING(3, "changesets are pending (only of status --exit-code)"),
  USAGE(64, "the command line is wrong"),
  CHANGELOG(65, "a changelog is invalid, was changed after it ran, or was interrupted"),
  NOT_READY(69, "a target was not ready by the deadline"),
  BUG(70, "a bug in Tidegate"),
  LOCKED(75, "the migration lock was not obtained in time"),
  CREDENTIALS(77, "credentials were refused"),
  REFUSED(78, "the configuration is invalid, or was refused by the guard"),
  TERMINATED(143, "stopped by SIGTERM");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /** The number that the process exits with, 0 to 255. */
  public int number() {
    return number;
  }

  /** What the code means, in a few words, for help and documentation. */
  public String meaning() {
    return meaning;
  }
}
