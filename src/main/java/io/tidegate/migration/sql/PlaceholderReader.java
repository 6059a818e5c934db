package io.tidegate.migration.sql;

import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Replaces placeholders as Flyway does: wherever they stand, once, and not in what was put in their
 * place. Where a prefix begins and does not go on, what was read of it is passed on unseen, so that
 * {@code $${name}} stays as it is.
 */
final class PlaceholderReader extends Reader {
  private static final int LONGEST_NAME = 100;

  private final Reader text;
  private final String prefix;
  private final String suffix;
  private final Values values;
  private final StringBuilder ahead = new StringBuilder();
  private String replacement = "";
  private int position;
  private int line = 1;

  /** What stands for a placeholder. */
  interface Values {
    /**
     * The value of that name.
     *
     * @param line where it stands, from 1
     * @throws ScriptException if it has none
     */
    String of(String name, int line);
  }

  /** Takes the text, and closes it when it is closed itself. */
  PlaceholderReader(Reader text, String prefix, String suffix, Values values) {
    this.text = new BufferedReader(text);
    this.prefix = prefix;
    this.suffix = suffix;
    this.values = values;
  }

  @Override
  public int read() throws IOException {
    while (position == replacement.length()) {
      if (!ahead.isEmpty()) {
        char c = ahead.charAt(0);
        ahead.deleteCharAt(0);
        return c;
      }
      int c = next();
      if (c != prefix.charAt(0)) {
        return c;
      }
      ahead.append((char) c);
      while (c >= 0 && ahead.length() < prefix.length() && prefix.indexOf(ahead.toString()) == 0) {
        c = next();
        if (c >= 0) {
          ahead.append((char) c);
        }
      }
      if (ahead.toString().equals(prefix)) {
        ahead.setLength(0);
        position = 0;
        replacement = values.of(name(), line);
      }
    }
    return replacement.charAt(position++);
  }

  private int next() throws IOException {
    int c = text.read();
    line += c == '\n' ? 1 : 0;
    return c;
  }

  private String name() throws IOException {
    int begin = line;
    StringBuilder name = new StringBuilder();
    while (name.indexOf(suffix, Math.max(0, name.length() - suffix.length())) < 0) {
      int c = next();
      if (c < 0 || c == '\n' || name.length() == LONGEST_NAME) {
        throw new ScriptException(
            begin,
            "the placeholder that begins here has no end: " + prefix + name,
            "End it with " + suffix);
      }
      name.append((char) c);
    }
    return name.substring(0, name.length() - suffix.length());
  }

  @Override
  public int read(char[] into, int offset, int length) throws IOException {
    int count = 0;
    while (count < length) {
      int c = read();
      if (c < 0) {
        break;
      }
      into[offset + count++] = (char) c;
    }
    return count == 0 && length > 0 ? -1 : count;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
