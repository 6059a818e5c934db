package io.tidegate.migration.sql;

import java.sql.Connection;
import liquibase.database.Database;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.DatabaseException;

/**
 * Makes a changeset and its history row one transaction. Liquibase commits the one, then the other,
 * and whoever is killed in between runs the changeset twice; the first of the two commits is left
 * out here.
 */
final class OneCommitConnection extends JdbcConnection {
  private final Object run;
  private boolean commitHeld;
  private boolean allCommitsHeld;

  OneCommitConnection(Connection connection) {
    this(connection, new Object());
  }

  private OneCommitConnection(Connection connection, Object run) {
    super(connection);
    this.run = run;
  }

  /** That of a database, which has no other while it is migrated. */
  static OneCommitConnection of(Database database) {
    return (OneCommitConnection) database.getConnection();
  }

  /**
   * The same over another connection of this run. Liquibase finds what it knows of a database, its
   * history among it, by the connection: it must not read it again for each.
   */
  OneCommitConnection over(Connection next) {
    return new OneCommitConnection(next, run);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OneCommitConnection that && run.equals(that.run);
  }

  @Override
  public int hashCode() {
    return run.hashCode();
  }

  /** Leaves out the next commit: a changeset that runs in a transaction is about to begin. */
  void holdNextCommit() {
    commitHeld = true;
  }

  /** Leaves out all commits until {@link #commitAsUsual}. */
  void holdCommits() {
    allCommitsHeld = true;
  }

  /** Commits as usual again: the changeset is over, whatever became of it. */
  void commitAsUsual() {
    commitHeld = false;
    allCommitsHeld = false;
  }

  @Override
  public void commit() throws DatabaseException {
    if (commitHeld || allCommitsHeld) {
      commitHeld = false;
      return;
    }
    super.commit();
  }
}
