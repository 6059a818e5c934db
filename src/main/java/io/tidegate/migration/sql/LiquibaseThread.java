package io.tidegate.migration.sql;

import io.tidegate.secret.Redactor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
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

  /** What is done in the thread. */
  interface Work<T> {
    /**
     * Does it.
     *
     * @param root where Liquibase reads files from, and from nowhere else
     */
    T in(ChangelogRoot root) throws Exception;
  }

  /** How to end the work early: three steps, each more forceful than the one before. */
  interface Stop {
    /** Whether the server answers nobody any more, so that there is nothing to wait for. */
    boolean serverIsSilent();

    /** Asks the work to end at the next good place. */
    void ask();

    /** Asks the server to give up the statement that runs. */
    void cancel() throws Exception;

    /** Cuts the connection. */
    void abort() throws Exception;
  }

  private LiquibaseThread() {}

  /**
   * Does the work and gives its result.
   *
   * @param root makes the root that the work gets, in the thread too: it is a part of Liquibase
   * @param grace how long the work may go on after an interruption
   * @throws InterruptedException if the calling thread was interrupted; the work is over then
   */
  static <T> T run(Work<T> work, Callable<ChangelogRoot> root, Stop stop, Duration grace)
      throws Exception {
    ONE_AT_A_TIME.lockInterruptibly();
    try {
      FutureTask<T> task = new FutureTask<>(() -> scoped(work, root.call()));
      Thread thread =
          Thread.ofPlatform()
              .name("migration")
              .daemon()
              .inheritInheritableThreadLocals(false)
              .unstarted(task);
      thread.start();
      try {
        return result(task, stop);
      } catch (InterruptedException e) {
        end(task, stop, grace);
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
  private static <T> T result(FutureTask<T> task, Stop stop) throws Exception {
    while (true) {
      try {
        return task.get(ServerSilence.CHECK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (stop.serverIsSilent()) {
          stop.abort();
        }
      }
    }
  }

  private static <T> T scoped(Work<T> work, ChangelogRoot root) throws Exception {
    LoggerUIService quiet = new LoggerUIService();
    quiet.setStandardLogLevel(Level.FINE);
    quiet.setErrorLogLevel(Level.FINE);
    return Scope.child(
        Map.of(
            Attr.logService.name(),
            new QuietLogService(),
            Attr.ui.name(),
            quiet,
            Attr.resourceAccessor.name(),
            root),
        () -> work.in(root));
  }

  /** Ends the work by asking, by cancelling, by cutting the connection, whatever it takes. */
  private static void end(FutureTask<?> task, Stop stop, Duration grace)
      throws InterruptedException {
    stop.ask();
    if (over(task, grace)) {
      return;
    }
    try {
      stop.cancel();
      if (over(task, CANCEL_PATIENCE)) {
        return;
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      // The connection is cut below, which ends the statement too.
    }
    try {
      stop.abort();
    } catch (Exception e) {
      // Nothing is left to try: closing the session is the caller's next step.
    }
    over(task, CANCEL_PATIENCE);
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
