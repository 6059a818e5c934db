package io.tidegate.logging;

import java.lang.Thread.UncaughtExceptionHandler;
import org.slf4j.Logger;
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
    Logger log = LoggerFactory.getLogger(Uncaught.class);
    if (isOfInterruption(thrown)) {
      log.debug("the thread {} was told to stop", thread.getName(), thrown);
    } else {
      log.error("bug: the thread {} has died", thread.getName(), thrown);
    }
  }

  /** Whether it was told to stop: MongoDB's driver interrupts its threads, and throws on in them. */
  static boolean isOfInterruption(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException) {
        return true;
      }
    }
    return false;
  }
}
