package io.tidegate.migration.sql;

import liquibase.exception.DatabaseException;

/** A statement of a plain SQL file failed. */
final class StatementException extends DatabaseException {
  private final int number;
  private final int line;

  /**
   * Says which.
   *
   * @param number which statement of its file, from 1
   * @param line where it begins, from 1
   */
  StatementException(int number, int line, Exception cause) {
    super(cause);
    this.number = number;
    this.line = line;
  }

  /** Which one, in the words of a problem. */
  String where() {
    return "statement %d in line %d".formatted(number, line);
  }
}
