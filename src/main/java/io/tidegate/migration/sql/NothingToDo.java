package io.tidegate.migration.sql;

import io.tidegate.migration.sql.Fingerprint.Known;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Decides, without Liquibase, that a run has nothing to do, if an earlier one has found so. */
final class NothingToDo {
  private final SqlSession session;
  private final ChangelogReader changelog;
  private final Fingerprint fingerprint;
  private Optional<String> digest = Optional.empty();
  private Optional<String> history = Optional.empty();

  NothingToDo(SqlSession session, ChangelogReader changelog) {
    this.session = session;
    this.changelog = changelog;
    this.fingerprint = new Fingerprint(session);
  }

  /** What a run would find; empty if it has to look. Called in autocommit, under the lock. */
  Optional<UpdateRun.Result> decide() {
    try {
      return compared();
    } catch (SQLException e) {
      return Optional.empty(); // What is wrong is told by the run that now follows.
    }
  }

  private Optional<UpdateRun.Result> compared() throws SQLException {
    history = fingerprint.history();
    if (history.isEmpty()) {
      return Optional.empty();
    }
    digest = digest();
    Optional<Known> known = fingerprint.read();
    boolean same =
        known.isPresent()
            && digest.equals(known.map(Known::changelog))
            && history.equals(known.map(Known::history))
            && new Intents(session).open().isEmpty();
    return same
        ? known.map(k -> new UpdateRun.Result(0, k.applied(), k.unexpected(), 0))
        : Optional.empty();
  }

  /**
   * Keeps what a run found that had nothing to do, if neither files nor history changed meanwhile.
   * A user that may not write loses only the time that it would save.
   */
  void keep(UpdateRun.Result result) {
    if (result.applied() > 0 || digest.isEmpty() || history.isEmpty()) {
      return;
    }
    try {
      Connection connection = session.connection();
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      if (history.equals(fingerprint.history()) && digest.equals(digest())) {
        fingerprint.write(
            new Known(
                digest.orElseThrow(),
                history.orElseThrow(),
                result.alreadyApplied(),
                result.unexpected()));
      }
    } catch (SQLException e) {
      // The next run looks for itself again.
    }
  }

  private Optional<String> digest() throws SQLException {
    return changelog.digest(session.connection().getMetaData().getDatabaseProductName());
  }
}
