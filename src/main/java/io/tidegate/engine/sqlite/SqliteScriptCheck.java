package io.tidegate.engine.sqlite;

import io.tidegate.migration.sql.SqlSession;
import io.tidegate.migration.sql.SqlSession.ScriptCheck;
import io.tidegate.migration.sql.StatementSplitter.NoTransaction;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the PRAGMAs of a file that SQLite would ignore without a word where this file runs: what only a
 * database without tables takes, as the history is in it already, and what only is obeyed outside a
 * transaction.
 *
 * @see <a href="https://www.sqlite.org/pragma.html">PRAGMA</a>
 */
final class SqliteScriptCheck implements ScriptCheck {
  private static final Pattern OF_NEW_DATABASES =
      Pattern.compile("PRAGMA (?:\\w+ )?(ENCODING|PAGE_SIZE|AUTO_VACUUM)\\b.*");

  private static final Pattern BEFORE_TRANSACTION =
      Pattern.compile("PRAGMA (\\w+ )?(FOREIGN_KEYS|SYNCHRONOUS)\\b.*");

  private static final Pattern FOREIGN_KEYS =
      Pattern.compile("\\bforeign_keys\\W*?[=(]\\s*['\"]?(\\w+)", Pattern.CASE_INSENSITIVE);

  private static final Set<String> OFF = Set.of("off", "no", "false", "0");

  /** What does the same whether foreign keys are enforced or not. */
  private static final Pattern INDIFFERENT =
      Pattern.compile(
          "(PRAGMA|CREATE|SELECT|ANALYZE|REINDEX|BEGIN|COMMIT|END|DROP (INDEX|VIEW|TRIGGER))\\b.*"
              + "|ALTER TABLE (?!.*\\bREFERENCES\\b).*\\bADD\\b.*");

  private final Connection connection;
  private final boolean transaction;

  /** Whether the file alone would find no tables here. */
  private boolean withoutTables;

  /** Whether foreign keys are enforced in the transaction of the file. */
  private boolean enforced;

  /** Whether they would be here, were the file not one transaction. */
  private boolean asked;

  /** The line that asked for it last. */
  private int askedIn;

  private boolean begun;
  private boolean inOwnTransaction;

  /** The last setting that would be ignored; null: none. */
  private @Nullable ScriptStatement late;

  /**
   * Checks one file.
   *
   * @param connection as the one that runs it
   * @param transaction whether the file runs as one transaction
   */
  SqliteScriptCheck(Connection connection, boolean transaction) throws SQLException {
    this.connection = connection;
    this.transaction = transaction;
    this.withoutTables = single(connection, "SELECT count(*) FROM main.sqlite_master").equals("0");
    this.enforced = single(connection, "PRAGMA foreign_keys").equals("1");
    this.asked = enforced;
  }

  /** See {@link SqlSession#belongsBeforeTransaction}. */
  static boolean belongsBeforeTransaction(ScriptStatement statement) {
    return BEFORE_TRANSACTION.matcher(statement.head()).matches();
  }

  @Override
  public void check(ScriptStatement statement) throws SQLException {
    ofNewDatabase(statement);
    if (transaction) {
      inTransaction(statement);
    }
  }

  /** A VACUUM obeys it later, except for the encoding. */
  private void ofNewDatabase(ScriptStatement statement) throws SQLException {
    Matcher setting = OF_NEW_DATABASES.matcher(statement.head());
    if (setting.matches()) {
      if (withoutTables && isAnother(statement.text(), "PRAGMA main." + setting.group(1))) {
        late = statement;
      }
    } else if (statement.head().startsWith("CREATE")) {
      withoutTables = false;
    } else if (late != null && statement.head().startsWith("VACUUM")) {
      late = late.head().contains("ENCODING") ? late : null;
    }
  }

  /** Whether it would make a new database another than this one is. */
  private boolean isAnother(String setting, String query) throws SQLException {
    try (Connection scratch =
            Objects.requireNonNull(
                new org.sqlite.JDBC().connect("jdbc:sqlite::memory:", new Properties()));
        Statement statement = scratch.createStatement()) {
      statement.execute(setting);
      return !single(scratch, query).equals(single(connection, query));
    }
  }

  private void inTransaction(ScriptStatement statement) {
    String head = statement.head();
    Matcher foreignKeys = FOREIGN_KEYS.matcher(statement.text());
    if (belongsBeforeTransaction(statement)) {
      if (head.contains("FOREIGN_KEYS") && foreignKeys.find()) {
        ask(!OFF.contains(foreignKeys.group(1).toLowerCase(Locale.ROOT)), statement);
      }
      return;
    }
    if (asked != enforced && !INDIFFERENT.matcher(head).matches()) {
      throw new ScriptException(
          askedIn,
          "what stands here has no effect in a transaction, and the file is one transaction",
          "Put what follows it into another file, with this line as its first, or begin the file with"
              + " the line "
              + NoTransaction.LINE);
    }
    begun = true;
    inOwnTransaction =
        head.startsWith("BEGIN")
            || (inOwnTransaction && !head.startsWith("COMMIT") && !head.startsWith("END"));
  }

  /** In a transaction of the file's own nothing is switched on, and what is to be off is doubtful. */
  private void ask(boolean on, ScriptStatement statement) {
    if (!(on && inOwnTransaction)) {
      asked = on;
      askedIn = statement.line();
    }
    if (!begun) {
      enforced = on;
    }
  }

  @Override
  public void end() {
    if (late != null) {
      throw new ScriptException(
          late.line(),
          "what stands here has no effect in a database that has tables, and the history is in it"
              + " before the first file runs",
          "Leave it out, or make the database before, by sqlite3 or the app: "
              + late.text()
              + "; CREATE TABLE x(y); DROP TABLE x;");
    }
  }

  private static String single(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    }
  }
}
