package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.sql.ChangesetApplier.OneCommitConnection;
import io.tidegate.migration.sql.SchemaComparison.Identity;
import io.tidegate.migration.sql.SqlDialect.Fault;
import io.tidegate.migration.sql.SqlFileChange.TransactionControl;
import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import java.io.IOException;
import java.io.Reader;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import liquibase.change.Change;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.RanChangeSet;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.exception.DatabaseException;
import liquibase.exception.LiquibaseException;
import liquibase.executor.jvm.JdbcExecutor;
import liquibase.sql.Sql;
import liquibase.sql.visitor.SqlVisitor;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import liquibase.statement.ExecutablePreparedStatement;
import liquibase.statement.SqlStatement;
import liquibase.statement.core.MarkChangeSetRanStatement;
import liquibase.statement.core.RawParameterizedSqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Sends a changeset's statements, and behind them its history row. Before the first statement that
 * cannot be rolled back it writes the changeset's intent, which goes with the history row. Where nothing
 * can be rolled back, a statement that met a locked table is tried again by itself where it has done
 * nothing, since those before it may be committed already.
 */
final class StatementExecutor extends JdbcExecutor {
  private final SqlSession session;
  private final History history;
  private final LockGuard guard;
  private final Failures failures;
  private final IntentStore intents;
  private final ChangesetApplier applier;

  /** The changeset that runs; null: none, and what is sent is our own. */
  private @Nullable ChangesetId current;

  private boolean transaction;
  private boolean rerun;

  /** How many statements of the changeset were sent. */
  private int position;

  /** The last of them. */
  private String last = "";

  /** Where the intent that is written stands; 0: there is none. */
  private int written;

  /** Whether the statements that are sent now are our own, not the changeset's. */
  private boolean own;

  /** Whether all statements of the changeset were sent, so that only its history row is missing, with which its intent goes. */
  private boolean ran;

  private boolean recorded;

  /** Takes who decides whether a statement that met a locked table is tried again. */
  StatementExecutor(
      AbstractJdbcDatabase database,
      SqlSession session,
      History history,
      LockGuard guard,
      Failures failures,
      ChangesetApplier applier) {
    setDatabase(database);
    this.session = session;
    this.history = history;
    this.guard = guard;
    this.failures = failures;
    this.intents = new IntentStore(session, history);
    this.applier = applier;
  }

  /** A changeset is run, or run again: nothing of it was sent. */
  void begin(ChangesetId changeset, boolean inTransaction) {
    current = changeset;
    transaction = inTransaction;
    position = 0;
    written = 0;
    ran = false;
    recorded = false;
  }

  /** Whether it is in the history already. */
  void rerun(boolean already) {
    rerun = already;
  }

  /** Whether its history row was written. */
  boolean isRecorded() {
    return recorded;
  }

  /** Whether something of the changeset stays if it fails, so that it is not run again. */
  boolean isUnfinished() {
    return written > 0;
  }

  @Override
  public void execute(SqlStatement statement, List<SqlVisitor> visitors) throws DatabaseException {
    try {
      if (statement instanceof MarkChangeSetRanStatement row) { // Liquibase's, for the history row.
        beforeHistoryRow();
        // It writes none for a changeset that failed and may.
        boolean ran = row.getExecType().ran;
        if (ran) {
          sendLiquibasesRow(row, visitors);
        }
        afterHistoryRow(ran);
      } else {
        String text = text(statement);
        beforeStatement(text);
        send(statement, text, visitors);
      }
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /** Writes the intent if what is about to be sent cannot be undone. */
  private void beforeStatement(String next) throws SQLException {
    ChangesetId id = current;
    if (id == null || own) {
      return;
    }
    position++;
    last = next;
    session.check(next);
    if (session.onlyAsksBack(next) || (transaction && session.rollsBack(next))) {
      return;
    }
    session.beforeIntent(next);
    String shown = StatementText.shown(next);
    if (written == 0) {
      if (!session.place().exists()) {
        intents.prepare();
      }
      intents.begin(id, rerun, position, shown);
    } else {
      proceed(id, shown);
    }
    written = position;
  }

  /** While a changeset has tables locked, the intent stays as it was when it locked them. */
  private void proceed(ChangesetId id, String shown) throws SQLException {
    try {
      intents.proceed(id, position, shown);
    } catch (SQLException e) {
      if (!session.isLockedOut(e)) {
        throw e;
      }
    }
  }

  /** In the transaction of the changeset, whose statements all succeeded. */
  private void beforeHistoryRow() throws SQLException, DatabaseException {
    ran = true;
    own = true;
    OneCommitConnection connection = OneCommitConnection.of(database);
    if (transaction) {
      connection.holdNextCommit();
    }
    try {
      session.beforeRecording();
      guard.takeAgainIfLostBeforeCommit(written > 0);
      // The changeset may have created the schema that the history belongs to.
      if (!session.place().exists() && history.table().isEmpty()) {
        history.createIfMissing((AbstractJdbcDatabase) database);
      }
    } finally {
      own = false;
      connection.commitAsUsual();
    }
  }

  /**
   * The changeset is over, not yet committed: the intent goes with its history row.
   *
   * @param row whether there is one
   */
  private void afterHistoryRow(boolean row) throws SQLException {
    recorded = row;
    if (current != null && written > 0) {
      intents.clear(current);
    }
  }

  /** The changeset is over and committed: also one that was not recorded, since it was skipped or may fail. */
  void end() throws DatabaseException {
    try {
      if (current != null && written > 0 && !ran) {
        session.beforeRecording();
        intents.clearNow(current);
      }
      written = 0;
      current = null;
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /**
   * After a failure: a first statement that the server refused has done nothing, so the changeset may be
   * run again once it is corrected. Otherwise the intent stays, as where the changeset ran and only its
   * history row failed.
   */
  void settle(LiquibaseException failure) {
    Optional<SQLException> sql = Failures.sqlException(failure);
    if (current == null
        || ran
        || written != 1
        || position != 1
        || sql.isEmpty()
        || failures.faultOf(sql.get()) == Fault.LOST) {
      return;
    }
    try {
      if (session.allOrNothing(last)) {
        intents.clearNow(current);
        written = 0;
      }
    } catch (SQLException e) {
      // The failure itself is what is told; the intent is found by the next run.
      failure.addSuppressed(e);
    }
  }

  /** Writes the row of a history that is not Liquibase's. */
  void record(List<String> statements) throws DatabaseException {
    try {
      beforeHistoryRow();
      for (String each : statements) {
        SqlStatement statement = new RawParameterizedSqlStatement(each);
        if (each.startsWith("INSERT")) {
          sendRow(statement, List.of());
        } else {
          send(statement, each, List.of());
        }
      }
      afterHistoryRow(true);
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /** Those of a plain SQL file are sent as they are, without Liquibase. */
  @Override
  public void execute(Change change, List<SqlVisitor> visitors) throws DatabaseException {
    if (change instanceof SqlFileChange file) {
      run(file);
    } else {
      super.execute(change, visitors);
    }
  }

  private void run(SqlFileChange file) throws DatabaseException {
    try (Reader text = file.open()) {
      StatementSplitter script = session.script(text);
      int number = 0;
      boolean begun = false;
      OwnTransactions transactions = new OwnTransactions();
      for (ScriptStatement next = script.next(); next != null; next = script.next()) {
        number++;
        if (!transaction) {
          run(next, number, true);
        } else if (session.belongsBeforeTransaction(next)) {
          beforeTransaction(next, begun);
        } else {
          begun = true;
          if (!transactions.takes(next)) {
            run(next, number, transactions.commitEach());
          }
        }
      }
      if (transaction) {
        session.connection().setAutoCommit(false);
      }
    } catch (SQLException | IOException e) {
      throw new DatabaseException(e);
    }
  }

  /** What a file says of its transactions, which is left out. */
  private final class OwnTransactions {
    private boolean begun;
    private boolean autocommit = !history.runsFilesInTransactions();

    /** Whether a statement says so, and is not sent. */
    boolean takes(ScriptStatement statement) {
      TransactionControl control = TransactionControl.of(statement);
      switch (control) {
        case BEGIN -> begun = true;
        case COMMIT -> begun = false;
        case AUTOCOMMIT -> autocommit = TransactionControl.turnsAutocommitOn(statement);
        case NONE, ROLLBACK, OTHER -> {}
      }
      return control.isLeftOut();
    }

    /** Whether each statement would be committed now where the file is run without us. */
    boolean commitEach() {
      return autocommit && !begun;
    }
  }

  /** Behind all others it changes nothing that the file does. */
  private void beforeTransaction(ScriptStatement statement, boolean begun)
      throws SQLException, IOException {
    if (!begun) {
      session.connection().setAutoCommit(true);
      session.send(statement);
      session.connection().setAutoCommit(false);
    }
  }

  /**
   * Sends one statement of a file.
   *
   * @param commitEach whether each would be committed where the file is run without us
   */
  private void run(ScriptStatement statement, int number, boolean commitEach)
      throws DatabaseException {
    try {
      beforeStatement(statement.text());
      if (transaction) {
        letCommit(statement.text(), commitEach);
      }
      while (true) {
        try {
          session.send(statement);
          return;
        } catch (SQLException e) {
          if (!isSentAgain(statement.text(), new DatabaseException(e))) {
            throw e;
          }
        }
      }
    } catch (SQLException | IOException e) {
      throw new StatementException(number, statement.line(), e);
    }
  }

  /**
   * Lets the next statement commit by itself, if it is one that does. That commits what stands before it, as
   * its intent has done. What asks about the statement before it finds its session untouched.
   */
  private void letCommit(String statement, boolean may) throws SQLException {
    if (!session.onlyAsksBack(statement)) {
      session.connection().setAutoCommit(may && session.commitsByItself(statement));
    }
  }

  /** Liquibase looks by the path of now for a row that may spell it otherwise, as behind {@code classpath:}. */
  private void sendLiquibasesRow(MarkChangeSetRanStatement row, List<SqlVisitor> visitors)
      throws SQLException, DatabaseException {
    ChangeSet changeSet = row.getChangeSet();
    String path = changeSet.getFilePath();
    try {
      if (row.getExecType().ranBefore) {
        changeSet.setFilePath(recordedPath(changeSet));
      }
      sendRow(row, visitors);
    } finally {
      changeSet.setFilePath(path);
    }
  }

  private String recordedPath(ChangeSet changeSet) throws DatabaseException {
    Identity identity = Identity.of(changeSet);
    return database.getRanChangeSetList().stream()
        .filter(ran -> Identity.of(ran).equals(identity))
        .map(RanChangeSet::getStoredChangeLog)
        .filter(Objects::nonNull)
        .reduce(changeSet.getFilePath(), (_, last) -> last);
  }

  /** A trigger or a rule may keep the history row out: then the changeset would run again. */
  private void sendRow(SqlStatement row, List<SqlVisitor> visitors)
      throws SQLException, DatabaseException {
    int[] rows = new int[1];
    send(row, "INSERT of the history row", () -> rows[0] = update(row, visitors));
    if (rows[0] == 0) {
      throw new SQLException(
          "the server took its history row and has none in %s: a trigger or a rule of that table keeps it out"
              .formatted(history.table().orElse(history.name())));
    }
  }

  private void send(SqlStatement statement, String text, List<SqlVisitor> visitors)
      throws SQLException, DatabaseException {
    send(statement, text, () -> super.execute(statement, visitors));
  }

  private void send(SqlStatement statement, String text, Sending sending)
      throws SQLException, DatabaseException {
    while (true) {
      try {
        sending.once();
        return;
      } catch (DatabaseException e) {
        // Of prepared rows the first may be inserted already.
        if (statement instanceof ExecutablePreparedStatement || !isSentAgain(text, e)) {
          throw e;
        }
      }
    }
  }

  /** Sends one statement. */
  private interface Sending {
    void once() throws DatabaseException;
  }

  /** Whether a statement that failed is to be sent again; then after a pause. */
  private boolean isSentAgain(String statement, DatabaseException failure) throws SQLException {
    boolean again =
        failures.isBlocked(failure)
            && session.mayBeSentAgain(statement)
            && applier.triesAgain(failure);
    if (again) {
      applier.beforeAnotherTry();
    }
    return again;
  }

  private String text(SqlStatement statement) {
    if (statement instanceof ExecutablePreparedStatement) {
      // Such are rows of data with their values apart.
      return "INSERT of prepared rows";
    }
    Sql[] sql = SqlGeneratorFactory.getInstance().generateSql(statement, database);
    return sql == null || sql.length == 0 ? "" : sql[0].toSql();
  }

  /** A statement of a plain SQL file failed. */
  static final class StatementException extends DatabaseException {
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
}
