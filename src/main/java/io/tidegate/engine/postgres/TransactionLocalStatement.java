package io.tidegate.engine.postgres;

import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import java.util.regex.Pattern;

/**
 * What a COMMIT ends: settings and temporary tables of one transaction. Where a COMMIT is left out,
 * they would last for what follows it.
 */
final class TransactionLocalStatement {
  private static final Pattern TEMPORARY_TABLE =
      Pattern.compile("CREATE (LOCAL |GLOBAL )?TEMP(ORARY)? .*");

  private static final Pattern ON_COMMIT =
      Pattern.compile("\\bon\\s+commit\\s+(delete\\s+rows|drop)\\b", Pattern.CASE_INSENSITIVE);

  /** Runs what it says, other than the definition of a function. */
  private static final Pattern CALL = Pattern.compile("(SELECT|WITH|VALUES|DO)\\b.*");

  private static final Pattern LOCAL_SETTING =
      Pattern.compile(
          "\\bset_config\\s*\\([^;]*,\\s*'?(true|t|yes|on|1)'?\\s*(::\\s*\\w+\\s*)?\\)",
          Pattern.CASE_INSENSITIVE);

  private TransactionLocalStatement() {}

  static boolean isOf(ScriptStatement statement) {
    String head = statement.head();
    return head.startsWith("SET LOCAL ")
        || (TEMPORARY_TABLE.matcher(head).matches() && ON_COMMIT.matcher(statement.text()).find())
        || (CALL.matcher(head).matches() && LOCAL_SETTING.matcher(statement.text()).find());
  }
}
