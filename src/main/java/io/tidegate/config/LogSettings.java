package io.tidegate.config;

/**
 * How the log is written.
 *
 * @param format for whom
 * @param level the least that is written
 */
public record LogSettings(Format format, Level level) {
  /** What holds where nothing is declared. */
  public static final LogSettings DEFAULT = new LogSettings(Format.AUTO, Level.INFO);

  /** For whom the log is. */
  public enum Format {
    /** Text on a terminal, JSON otherwise. */
    AUTO,
    TEXT,
    JSON
  }

  /** The least that is written. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }
}
