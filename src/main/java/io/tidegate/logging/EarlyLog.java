package io.tidegate.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * What holds until {@link Logs#configure}: warnings as text on standard error. Found by Logback
 * through its services file, it also keeps Logback from looking for a file of its own.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class EarlyLog extends ContextAwareBase implements Configurator {

  /** For Logback. */
  public EarlyLog() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Logs.install(context, new TextLines(false), System.err);
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
    Logs.quieten(context, Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
