package io.tidegate.migration.sql;

import io.tidegate.secret.Redactor;
import java.util.logging.Level;
import liquibase.logging.Logger;
import liquibase.logging.core.AbstractLogService;
import liquibase.logging.core.AbstractLogger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Takes Liquibase's log to SLF4J, at levels that suit a part of a program: what went wrong is told
 * as a problem, and what went well by the migration's listener.
 */
public final class QuietLogService extends AbstractLogService {

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
