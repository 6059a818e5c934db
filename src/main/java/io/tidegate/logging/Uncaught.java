package io.tidegate.logging;

import java.lang.Thread.UncaughtExceptionHandler;
import org.slf4j.LoggerFactory;

/**
 * Says that a thread has died of what nobody caught, as one redacted line of the log. The JVM itself
 * would print a trace, with whatever secret a driver put into its message.
 */
public final class Uncaught implements UncaughtExceptionHandler {
  private Uncaught() {}

  /** Takes over for all threads that have no handler of their own. */
  public static void report() {
    Thread.setDefaultUncaughtExceptionHandler(new Uncaught());
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    LoggerFactory.getLogger(Uncaught.class)
        .error("bug: the thread {} has died", thread.getName(), thrown);
  }
}
