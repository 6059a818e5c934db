package io.tidegate.config;

/** A value that cannot be used. Its text never holds the value, which may be a secret. */
final class RefusedValue extends Exception {
  private final String what;
  private final String remedy;

  /** Takes the predicate of a sentence ("is not a date") and what to do; both without full stop. */
  RefusedValue(String what, String remedy) {
    super(what);
    this.what = what;
    this.remedy = remedy;
  }

  String what() {
    return what;
  }

  String remedy() {
    return remedy;
  }
}
