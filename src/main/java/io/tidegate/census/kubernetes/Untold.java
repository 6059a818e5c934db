package io.tidegate.census.kubernetes;

/** The API did not tell: the message says why, as a phrase without a full stop. */
final class Untold extends Exception {
  private final boolean passing;

  private Untold(String why, boolean passing) {
    super(why);
    this.passing = passing;
  }

  /** It will not tell until somebody changes something. */
  static Untold lasting(String why) {
    return new Untold(why, false);
  }

  /** It may tell the next time: the server was away, slow or overloaded. */
  static Untold passing(String why) {
    return new Untold(why, true);
  }

  boolean isPassing() {
    return passing;
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
