package io.tidegate.migration.sql;

import io.tidegate.migration.sql.Fingerprint.Known;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

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

  /**
   * What a run would find; empty if it has to look. Called in autocommit, under the lock, before the
   * changelog is read.
   */
  Optional<UpdateRun.Result> decide() {
    try {
      return compared();
    } catch (SQLException e) {
      return Optional.empty(); // What is wrong is told by the run that now follows.
    }
  }

  private Optional<UpdateRun.Result> compared() throws SQLException {
    // The files are read while the server reads the history.
    String product = product();
    FutureTask<Optional<String>> files = new FutureTask<>(() -> changelog.digest(product));
    Thread.ofPlatform().daemon().name("changelog").start(files);
    history = fingerprint.history();
    digest = result(files);
    if (digest.isEmpty() || history.isEmpty()) {
      return Optional.empty();
    }
    Optional<Known> known = fingerprint.read();
    boolean same =
        known.isPresent()
            && digest.equals(known.map(Known::changelog))
            && history.equals(known.map(Known::history))
            && new Intents(session).open().isEmpty();
    return same
        ? known.map(k -> new UpdateRun.Result(0, k.applied(), k.unexpected(), 0, null))
        : Optional.empty();
  }

  /**
   * The run that follows has changed the history and will read it once more.
   *
   * @return false if what it finds then cannot be kept
   */
  boolean changed() throws SQLException {
    history = digest.isPresent() ? fingerprint.history() : Optional.empty();
    return history.isPresent();
  }

  /**
   * Keeps what a run found that left nothing to do, if neither files nor history changed since it
   * read them. The migration is over: whatever fails here costs only the time that it would save.
   */
  void keep(UpdateRun.Settled settled) {
    if (digest.isEmpty() || history.isEmpty()) {
      return;
    }
    try {
      Connection connection = session.connection();
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      if (history.equals(fingerprint.history()) && digest.equals(changelog.digest(product()))) {
        fingerprint.write(
            new Known(
                digest.orElseThrow(),
                history.orElseThrow(),
                settled.applied(),
                settled.unexpected()));
      }
    } catch (SQLException | RuntimeException | OutOfMemoryError e) {
      // The next run looks for itself again.
    }
  }

  /** Empty where the files do not say all, or the migration is to end. */
  private static Optional<String> result(FutureTask<Optional<String>> files) {
    try {
      return files.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.empty(); // Liquibase reads them then, and says what is wrong with them.
    }
  }

  private String product() throws SQLException {
    return session.connection().getMetaData().getDatabaseProductName();
  }
}
