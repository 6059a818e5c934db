package io.tidegate.migration.sql;

import java.sql.Connection;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.DatabaseException;

/**
 * Makes a changeset and its history row one transaction. Liquibase commits the one, then the other,
 * and whoever is killed in between runs the changeset twice; the first of the two commits is left
 * out here.
 */
final class OneCommitConnection extends JdbcConnection {
  private boolean commitHeld;

  OneCommitConnection(Connection connection) {
    super(connection);
  }

  /** Leaves out the next commit: a changeset that runs in a transaction is about to begin. */
  void holdNextCommit() {
    commitHeld = true;
  }

  /** Commits as usual again: the changeset is over, whatever became of it. */
  void commitAsUsual() {
    commitHeld = false;
  }

  @Override
  public void commit() throws DatabaseException {
    if (commitHeld) {
      commitHeld = false;
      return;
    }
    super.commit();
  }
}
