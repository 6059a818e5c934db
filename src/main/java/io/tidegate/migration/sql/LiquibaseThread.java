package io.tidegate.migration.sql;

import io.tidegate.migration.sql.SqlDialect.LoginFailure;
import io.tidegate.secret.Redactor;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.Reason;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import liquibase.GlobalConfiguration;
import liquibase.Scope;
import liquibase.Scope.Attr;
import liquibase.logging.Logger;
import liquibase.logging.core.AbstractLogService;
import liquibase.logging.core.AbstractLogger;
import liquibase.ui.LoggerUIService;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Runs Liquibase in a thread of its own. Its state is static or bound to the thread that first used
 * it, and to those which that thread starts: so there is one such thread at a time in a JVM, a new
 * one each time, and no other that uses it. With the thread goes all that Liquibase keeps.
 */
final class LiquibaseThread {
  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock(true);

  /** How long the server gets to give up a statement before the connection is cut. */
  private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(5);

  /** While an answer is waited for, a new connection is tried so often. */
  private static final Duration CHECK_EVERY = Duration.ofSeconds(10);

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LiquibaseThread.class);

  /** What is done in the thread. */
  interface Work<T> {
    /**
     * Does it.
     *
     * @param root where Liquibase reads files from, and from nowhere else
     */
    T in(ChangelogRoot root) throws Exception;
  }

  private final SqlSession session;
  private final ChangelogReader changelog;
  private final Duration longestSilence;
  private final Duration grace;
  private final Runnable ask;
  private @Nullable Long silentSince;

  /**
   * Starts nothing yet.
   *
   * @param longestSilence how long the server may answer nobody
   * @param grace how long the work may go on after an interruption
   * @param ask asks the work to end at the next good place; from any thread
   */
  LiquibaseThread(
      SqlSession session,
      ChangelogReader changelog,
      Duration longestSilence,
      Duration grace,
      Runnable ask) {
    this.session = session;
    this.changelog = changelog;
    this.longestSilence = longestSilence;
    this.grace = grace;
    this.ask = ask;
  }

  /**
   * Does the work and gives its result.
   *
   * @throws InterruptedException if the calling thread was interrupted; the work is over then
   */
  <T> T run(Work<T> work) throws Exception {
    ONE_AT_A_TIME.lockInterruptibly();
    try {
      FutureTask<T> task = new FutureTask<>(() -> scoped(work));
      Thread thread =
          Thread.ofPlatform()
              .name("migration")
              .daemon()
              .inheritInheritableThreadLocals(false)
              .unstarted(task);
      thread.start();
      try {
        return result(task);
      } catch (InterruptedException e) {
        end(task);
        throw e;
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    } finally {
      ONE_AT_A_TIME.unlock();
    }
  }

  /** Waits for the result, and cuts the connection where the server falls silent. */
  private <T> T result(FutureTask<T> task) throws Exception {
    while (true) {
      try {
        return task.get(CHECK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (isServerSilent()) {
          abort();
        }
      }
    }
  }

  /**
   * Tells a statement that takes long from a server, or a pooler before it, that is frozen: tries a new
   * connection, and is true if none was answered for too long. Such a server will not answer the
   * migration either. One that refuses a connection has answered: it may be full, or shutting down
   * while it lets sessions end.
   */
  private boolean isServerSilent() {
    long asked = System.nanoTime();
    try {
      session.checkServer();
      silentSince = null;
    } catch (LoginFailure e) {
      if (!(e.meaning() instanceof NotYet(Reason reason, String _)) || reason != Reason.NO_ANSWER) {
        silentSince = null;
      } else if (silentSince == null) {
        silentSince = asked;
        LOG.warn("The server answers neither the migration nor a new connection");
      }
    } catch (SQLException e) {
      silentSince = null;
    }
    return silentSince != null && System.nanoTime() - silentSince >= longestSilence.toNanos();
  }

  /** The root is made in the thread too: it is a part of Liquibase. */
  private <T> T scoped(Work<T> work) throws Exception {
    ChangelogRoot root = new ChangelogRoot(changelog.folder());
    LoggerUIService quiet = new LoggerUIService();
    quiet.setStandardLogLevel(Level.FINE);
    quiet.setErrorLogLevel(Level.FINE);
    Charset encoding = changelog.declared().encoding();
    return Scope.child(
        Map.of(
            Attr.logService.name(),
            new QuietLogService(),
            Attr.ui.name(),
            quiet,
            Attr.resourceAccessor.name(),
            root,
            GlobalConfiguration.FILE_ENCODING.getKey(),
            encoding == null ? StandardCharsets.UTF_8.name() : encoding.name()),
        () -> work.in(root));
  }

  /** Ends the work by asking, by cancelling, by cutting the connection, whatever it takes. */
  private void end(FutureTask<?> task) throws InterruptedException {
    ask.run();
    if (over(task, grace)) {
      return;
    }
    try {
      session.cancel();
      if (over(task, CANCEL_PATIENCE)) {
        return;
      }
    } catch (SQLException | RuntimeException e) {
      // The connection is cut below, which ends the statement too.
    }
    try {
      abort();
    } catch (SQLException | RuntimeException e) {
      // Nothing is left to try: closing the session is the caller's next step.
    }
    over(task, CANCEL_PATIENCE);
  }

  private void abort() throws SQLException {
    session.connection().abort(Runnable::run);
  }

  private static boolean over(FutureTask<?> task, Duration limit) throws InterruptedException {
    try {
      task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /**
   * Takes Liquibase's log to SLF4J, at levels that suit a part of a program: what went wrong is told
   * as a problem, and what went well by the migration's listener.
   */
  public static final class QuietLogService extends AbstractLogService {

    @Override
    public int getPriority() {
      return PRIORITY_SPECIALIZED;
    }

    // Liquibase's interface names the raw type.
    @SuppressWarnings("rawtypes")
    @Override
    public Logger getLog(Class type) {
      return new Quiet(LoggerFactory.getLogger(type));
    }

    private static final class Quiet extends AbstractLogger {
      private final org.slf4j.Logger logger;

      Quiet(org.slf4j.Logger logger) {
        this.logger = logger;
      }

      @Override
      public void close() {
        // SLF4J's loggers are not closed.
      }

      @Override
      public void log(Level level, @Nullable String message, @Nullable Throwable e) {
        boolean notable = level.intValue() >= Level.WARNING.intValue();
        if (notable ? logger.isDebugEnabled() : logger.isTraceEnabled()) {
          String text = Redactor.redact(String.valueOf(message));
          if (notable) {
            logger.debug(text);
          } else {
            logger.trace(text);
          }
        }
      }
    }
  }
}
