package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.sql.ChangelogReader.MissingFile;
import io.tidegate.migration.sql.SqlDialect.Fault;
import io.tidegate.migration.sql.SqlDialect.LoginFailure;
import io.tidegate.migration.sql.StatementExecutor.StatementException;
import io.tidegate.migration.sql.StatementSplitter.NoTransaction;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Redactor;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what became of a migration in the words of a problem, whoever threw what. */
final class Failures {
  /** Enough for a server's message with its position; Liquibase appends the whole statement. */
  private static final int LONGEST_MESSAGE = 1000;

  /** PostgreSQL's {@code in_failed_sql_transaction}: the batch of a {@code loadData} hides its own. */
  private static final String HIDDEN_CAUSE = "25P02";

  /** The class of SQLSTATEs of a transaction that the server took back for the sake of another. */
  private static final String TAKEN_BACK = "40";

  private final SqlDialect dialect;
  private final String target;
  private final String origin;

  /** Takes the target's name, and what declared its URL or user. */
  Failures(SqlDialect dialect, String target, String origin) {
    this.dialect = dialect;
    this.target = target;
    this.origin = origin;
  }

  String target() {
    return target;
  }

  /** The driver's exception behind another. */
  static Optional<SQLException> sqlException(Throwable failure) {
    return find(failure, SQLException.class);
  }

  /**
   * The problem to end with, from whatever was thrown while that changeset ran.
   *
   * @param unfinished whether something of the changeset stays, so that it is not run again by itself
   */
  ProblemException problem(Throwable failure, @Nullable ChangesetId changeset, boolean unfinished) {
    Optional<ProblemException> told = find(failure, ProblemException.class);
    if (told.isPresent()) {
      return told.get();
    }
    Optional<LoginFailure> login = find(failure, LoginFailure.class);
    if (login.isPresent()) {
      return login.get().problem("target %s (%s)".formatted(target, origin));
    }
    Optional<VirtualMachineError> exhausted = find(failure, VirtualMachineError.class);
    if (exhausted.isPresent()) {
      return tooLarge(exhausted.get());
    }
    Optional<SQLException> sql = sqlException(failure);
    if (sql.isPresent()) {
      return ofServer(sql.get(), failure, changeset, unfinished);
    }
    String where = changeset == null ? "target " + target : changeset + ", target " + target;
    return MissingFile.problem(deepest(failure), path -> where)
        .orElseGet(() ->
            new ProblemException(
                ExitCode.CHANGELOG,
                "the changelog cannot be applied: " + text(deepest(failure)),
                where,
                "Correct the changelog",
                failure));
  }

  private ProblemException tooLarge(VirtualMachineError exhausted) {
    return new ProblemException(
        new Problem(
            ExitCode.CHANGELOG,
            "the changelog needs more memory than the %d MiB of heap that there are (%s)"
                .formatted(Runtime.getRuntime().maxMemory() >> 20, exhausted.getClass().getName()),
            "target " + target,
            "Split a large file into several, or raise the JVM's -Xmx and the container's limit;"
                + " what was committed stays applied"));
  }

  private ProblemException ofServer(
      SQLException sql, Throwable failure, @Nullable ChangesetId changeset, boolean unfinished) {
    String during = changeset == null ? "" : " while changeset " + changeset + " ran";
    Fault fault = dialect.faultOf(sql);
    if (fault == Fault.BLOCKED && changeset == null) {
      return new ProblemException(
          ExitCode.LOCKED,
          "another session keeps locked what the migration needs: " + text(sql),
          "target " + target,
          "Let that session end its transaction, and start again",
          failure);
    }
    return switch (fault) {
      case LOST ->
          new ProblemException(
              ExitCode.NOT_READY,
              "the connection failed" + during + ": " + text(sql),
              "target " + target,
              "Look at the server's log, and start again: what was not committed is not applied"
                  + (unfinished ? ", and it names what has to be looked at" : ""),
              failure);
      case BLOCKED, STATEMENT ->
          changeset == null
              ? new ProblemException(
                  ExitCode.CHANGELOG,
                  "the server refused a statement: " + text(sql),
                  "target " + target,
                  "Grant the user what the migration needs, or correct the changelog",
                  failure)
              : new ProblemException(
                  ExitCode.CHANGELOG,
                  "changeset %s failed%s: %s"
                      .formatted(
                          changeset,
                          find(failure, StatementException.class)
                              .map(each -> " at " + each.where())
                              .orElse(""),
                          text(sql)),
                  changeset.path() + ", target " + target,
                  remedy(sql, changeset, unfinished),
                  failure);
    };
  }

  private String remedy(SQLException sql, ChangesetId changeset, boolean unfinished) {
    if (unfinished) {
      return "What ran before it stays: complete the changeset by hand and run: tidegate resolve %s '%s'"
              .formatted(target, changeset)
          + " --applied --reason '...'; or undo what it did and run the same with --not-applied";
    }
    if (String.valueOf(sql.getSQLState()).startsWith(TAKEN_BACK)) {
      return "Another session was in the way, and the server took all of it back: start again";
    }
    if (dialect.isRefusedInTransaction(sql)) {
      return "It cannot run in a transaction: put it into a file of its own that begins with the line "
          + NoTransaction.LINE
          + ", or give its changeset runInTransaction=\"false\"";
    }
    if (isThereAlready(sql)) {
      return "If it was made without this history, by hand or from a dump, have it recorded: tidegate adopt"
          + " --dry-run. Else correct the changeset and start again; the lock is free";
    }
    return (HIDDEN_CAUSE.equals(sql.getSQLState())
            ? "A statement before it failed, and Liquibase does not pass its error on: it stands in the server's"
                + " log. "
            : "")
        + "Correct the changeset and start again; the lock is free";
  }

  /** PostgreSQL's and MySQL's states of a table that exists; SQLite only has the words. */
  private static boolean isThereAlready(SQLException sql) {
    return "42P07".equals(sql.getSQLState())
        || "42S01".equals(sql.getSQLState())
        || String.valueOf(sql.getMessage()).contains(" already exists");
  }

  Fault faultOf(SQLException sql) {
    return dialect.faultOf(sql);
  }

  /** Whether another session was in the way. */
  boolean isBlocked(Throwable failure) {
    return sqlException(failure).filter(sql -> faultOf(sql) == Fault.BLOCKED).isPresent();
  }

  private static Throwable deepest(Throwable failure) {
    Throwable at = failure;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }

  /** What it says, in one line and without secrets. */
  static String text(Throwable failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    String line = Redactor.redact(message).replaceAll("\\s*\\R\\s*", "; ").strip();
    line = line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "..." : line;
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  static <T> Optional<T> find(Throwable failure, Class<T> type) {
    int depth = 0;
    for (Throwable at = failure; at != null && depth < 50; at = at.getCause(), depth++) {
      if (type.isInstance(at)) {
        return Optional.of(type.cast(at));
      }
    }
    return Optional.empty();
  }
}
