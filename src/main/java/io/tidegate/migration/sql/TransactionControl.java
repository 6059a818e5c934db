package io.tidegate.migration.sql;

import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import java.util.regex.Pattern;

/**
 * What a statement means for the transaction. A plain file is one transaction already, together with
 * its history row: its own BEGIN and COMMIT are left out, or a failure would leave half of it.
 */
enum TransactionControl {
  /** Nothing. */
  NONE,
  /** Begins one as every other. */
  BEGIN,
  /** Commits it. */
  COMMIT,
  /** Whether the session commits each statement by itself: it must not. */
  AUTOCOMMIT,
  /** Takes back what was done. */
  ROLLBACK,
  /** Something that one transaction for the whole file cannot give. */
  OTHER;

  private static final Pattern BEGINS =
      Pattern.compile(
          "BEGIN( DEFERRED| IMMEDIATE| EXCLUSIVE)?( WORK| TRANSACTION)?( READ WRITE)?"
              + "|START TRANSACTION( READ WRITE)?");

  private static final Pattern COMMITS = Pattern.compile("(COMMIT|END)( WORK| TRANSACTION)?");
  private static final Pattern SETS_AUTOCOMMIT =
      Pattern.compile("SET (SESSION |LOCAL )?AUTOCOMMIT( \\w+)?");
  private static final Pattern ROLLS_BACK =
      Pattern.compile("(ROLLBACK|ABORT)( WORK| TRANSACTION)?");
  private static final Pattern TO_SAVEPOINT =
      Pattern.compile("ROLLBACK (WORK |TRANSACTION )?TO\\b.*");
  private static final Pattern OTHERS =
      Pattern.compile(
          "BEGIN (WORK |TRANSACTION )?(ISOLATION|READ|NOT DEFERRABLE|DEFERRABLE|CONCURRENT)\\b.*"
              + "|START TRANSACTION .*|(COMMIT|END|ROLLBACK|ABORT) .*|PREPARE TRANSACTION|XA .*");

  static TransactionControl of(ScriptStatement statement) {
    String head = statement.head();
    if (BEGINS.matcher(head).matches()) {
      return BEGIN;
    }
    if (COMMITS.matcher(head).matches()) {
      return COMMIT;
    }
    if (SETS_AUTOCOMMIT.matcher(head).matches()) {
      return AUTOCOMMIT;
    }
    if (ROLLS_BACK.matcher(head).matches()) {
      return ROLLBACK;
    }
    return !TO_SAVEPOINT.matcher(head).matches() && OTHERS.matcher(head).matches() ? OTHER : NONE;
  }

  /** Whether it is left out of a file that runs as one transaction. */
  boolean isLeftOut() {
    return this == BEGIN || this == COMMIT || this == AUTOCOMMIT;
  }
}
