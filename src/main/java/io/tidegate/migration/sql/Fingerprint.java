package io.tidegate.migration.sql;

import io.tidegate.digest.Sha256;
import io.tidegate.migration.sql.SqlSession.HistoryPlace;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Decides, without Liquibase, that a run has nothing to do, if an earlier one has found so. The table
 * {@code tidegate_fingerprint} has one row, which says with which changelog and which history nothing
 * was left to do. It stands in the database that it speaks of, so that a restored one brings its own.
 * Used under the migration lock, in autocommit.
 */
final class Fingerprint {
  private static final String TABLE = "tidegate_fingerprint";

  private final SqlSession session;
  private final ChangelogReader changelog;
  private Optional<String> digest = Optional.empty();
  private Optional<String> history = Optional.empty();

  Fingerprint(SqlSession session, ChangelogReader changelog) {
    this.session = session;
    this.changelog = changelog;
  }

  /** A changelog and a history, by their digests, and what a comparison of the two said. */
  private record Known(String changelog, String history, int applied, int unexpected) {}

  /**
   * What a run would find; empty if it has to look. Called in autocommit, under the lock, before the
   * changelog is read.
   */
  Optional<LiquibaseRunner.Result> decide() {
    try {
      return compared();
    } catch (SQLException e) {
      return Optional.empty(); // What is wrong is told by the run that now follows.
    }
  }

  private Optional<LiquibaseRunner.Result> compared() throws SQLException {
    // The files are read while the server reads the history.
    String product = product();
    FutureTask<Optional<String>> files = new FutureTask<>(() -> changelog.digest(product));
    Thread.ofPlatform().daemon().name("changelog").start(files);
    history = history();
    digest = result(files);
    if (digest.isEmpty() || history.isEmpty()) {
      return Optional.empty();
    }
    Optional<Known> known = read();
    boolean same =
        known.isPresent()
            && digest.equals(known.map(Known::changelog))
            && history.equals(known.map(Known::history))
            && new IntentStore(session).open().isEmpty();
    return same
        ? known.map(k -> new LiquibaseRunner.Result(0, k.applied(), k.unexpected(), 0, null))
        : Optional.empty();
  }

  /**
   * The run that follows has changed the history and will read it once more.
   *
   * @return false if what it finds then cannot be kept
   */
  boolean historyChanged() throws SQLException {
    history = digest.isPresent() ? history() : Optional.empty();
    return history.isPresent();
  }

  /**
   * Keeps what a run found that left nothing to do, if neither files nor history changed since it
   * read them. The migration is over: whatever fails here costs only the time that it would save.
   */
  void keep(LiquibaseRunner.Settled settled) {
    if (digest.isEmpty() || history.isEmpty()) {
      return;
    }
    try {
      Connection connection = session.connection();
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      if (history.equals(history()) && digest.equals(changelog.digest(product()))) {
        write(
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

  /** What the server says of the history's content now; empty if there is none. */
  private Optional<String> history() throws SQLException {
    Connection connection = session.connection();
    Optional<String> table = session.table(HistoryPlace.HISTORY).map(session.place()::table);
    if (table.isEmpty()) {
      return Optional.empty();
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(session.historyDigest(table.get()))) {
      return row.next()
          ? Optional.ofNullable(row.getString(1)).map(Sha256::hexOf)
          : Optional.empty();
    }
  }

  private Optional<Known> read() throws SQLException {
    if (session.table(TABLE).isEmpty()) {
      return Optional.empty();
    }
    try (Statement statement = session.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT changelog, history, applied, unexpected FROM " + inFull())) {
      return row.next()
          ? Optional.of(new Known(row.getString(1), row.getString(2), row.getInt(3), row.getInt(4)))
          : Optional.empty();
    }
  }

  private void write(Known known) throws SQLException {
    Connection connection = session.connection();
    if (session.table(TABLE).isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE "
                + inFull()
                + " (changelog char(64) NOT NULL PRIMARY KEY, history char(64) NOT NULL,"
                + " applied int NOT NULL, unexpected int NOT NULL)"
                + session.tableOptions());
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM " + inFull());
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO "
                + inFull()
                + " (changelog, history, applied, unexpected) VALUES (?, ?, ?, ?)")) {
      insert.setString(1, known.changelog());
      insert.setString(2, known.history());
      insert.setInt(3, known.applied());
      insert.setInt(4, known.unexpected());
      insert.executeUpdate();
    }
  }

  private String inFull() {
    return session.place().table(TABLE);
  }
}
