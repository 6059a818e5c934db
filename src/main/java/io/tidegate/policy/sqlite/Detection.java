package io.tidegate.policy.sqlite;

/**
 * SQLite, seen in a value.
 *
 * @param certainty whether it surely is one
 * @param text the part of the value that shows it, fit for a message: bounded, without secrets
 * @param note what makes it ambiguous, a clause without a full stop; empty where it is sure
 */
public record Detection(Certainty certainty, String text, String note) {

  /** Whether a value surely names SQLite. */
  public enum Certainty {
    SURE,
    /** It looks like SQLite, and may be something that is safe with several replicas. */
    AMBIGUOUS
  }

  static Detection sure(String text) {
    return new Detection(Certainty.SURE, Excerpt.of(text), "");
  }

  Detection ambiguous(String why) {
    return new Detection(Certainty.AMBIGUOUS, text, why);
  }

  /** What was seen, for a message. */
  public String describe() {
    return note.isEmpty() ? text : text + ", " + note;
  }
}
