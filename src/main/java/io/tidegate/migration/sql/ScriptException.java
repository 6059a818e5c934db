package io.tidegate.migration.sql;

/** A script cannot be run as it is: what stands there would do something else, or nothing. */
public final class ScriptException extends RuntimeException {
  private final int line;
  private final String remedy;

  /**
   * Says what is wrong.
   *
   * @param line where it stands, from 1
   * @param what a clause that follows "line 7: "
   * @param remedy what to do about it
   */
  public ScriptException(int line, String what, String remedy) {
    super(what);
    this.line = line;
    this.remedy = remedy;
  }

  /** Where it stands, from 1. */
  public int line() {
    return line;
  }

  /** What to do about it. */
  public String remedy() {
    return remedy;
  }
}
