package io.tidegate.problem;

import io.tidegate.secret.Redactor;

/**
 * One failure, told so that a person on call can act on it.
 *
 * @param exit the code that the process ends with if this problem ends it
 * @param what what happened, one sentence without a full stop; never holds a secret
 * @param where the place: a key, a variable, a file, a target
 * @param remedy what to do about it, one sentence without a full stop
 */
public record Problem(ExitCode exit, String what, String where, String remedy) {

  /** The problem on one line: where, what, remedy. */
  public String line() {
    return Redactor.asName(where) + ": " + what + ". " + remedy + ".";
  }
}
