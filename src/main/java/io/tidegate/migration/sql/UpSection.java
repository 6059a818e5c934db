package io.tidegate.migration.sql;

import io.tidegate.migration.sql.StatementSplitter.NoTransaction;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.SupportedTool.Mark;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;

/**
 * The section of a migration file that leads forward. All else is read as empty lines, so that a
 * statement keeps the number of its line.
 */
final class UpSection extends Reader {
  private final SupportedTool tool;
  private final BufferedReader whole;
  private final StringBuilder line = new StringBuilder();
  private int number;
  private int position;
  private boolean found;
  private boolean up;
  private boolean transaction = true;

  UpSection(SupportedTool tool, Reader whole) {
    this.tool = tool;
    this.whole = new BufferedReader(whole);
  }

  /** Whether it runs as one transaction. Known once it was read to its end. */
  boolean isTransaction() {
    return transaction;
  }

  @Override
  public int read(char[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == line.length() && !nextLine()) {
      return -1;
    }
    int count = Math.min(length, line.length() - position);
    line.getChars(position, position + count, into, offset);
    position += count;
    return count;
  }

  /** Reads the next line with its end; false if there is none. */
  private boolean nextLine() throws IOException {
    line.setLength(0);
    position = 0;
    int c = whole.read();
    while (c >= 0 && c != '\n') {
      line.append((char) c);
      c = whole.read();
    }
    if (line.isEmpty() && c < 0) {
      refuseWithoutSection();
      return false;
    }
    number++;
    if (tool.dropsCarriageReturns() && !line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
      line.setLength(line.length() - 1);
    }
    Mark mark = tool.mark(line.toString());
    if (mark != null) {
      obey(mark);
    } else if (!found) {
      refuseBeforeSection();
    }
    if (mark != null || !up) {
      line.setLength(0);
    }
    line.append(c < 0 ? "" : "\n");
    return !line.isEmpty() || nextLine();
  }

  private void obey(Mark mark) {
    switch (mark) {
      case UP -> begin(true);
      case UP_WITHOUT_TRANSACTION -> begin(false);
      case NO_TRANSACTION -> transaction = false;
      case DOWN -> up = false;
      case STATEMENT -> {} // Where a statement ends is for the server to say.
      case UNKNOWN ->
          throw new ScriptException(
              number,
              "what %s is told here is not done here, or not even by it: %s"
                  .formatted(tool.title(), line.toString().strip()),
              "Correct or leave it out, or migrate with " + tool.title());
    }
  }

  private void begin(boolean inTransaction) {
    if (found) {
      throw new ScriptException(
          number, "a second section that leads forward begins here", "Keep one of them");
    }
    found = true;
    up = true;
    transaction &= inTransaction;
  }

  /** But our own mark may stand there. */
  private void refuseBeforeSection() {
    String text = line.toString().strip();
    if (NoTransaction.isAt(text, 0)) {
      transaction = false;
    } else if (!text.isEmpty() && !text.startsWith("--")) {
      throw new ScriptException(
          number,
          "%s does not run what stands before the section that leads forward"
              .formatted(tool.title()),
          "Put it into the section");
    }
  }

  private void refuseWithoutSection() {
    if (!found) {
      throw new ScriptException(
          Math.max(number, 1),
          "the file has no section that leads forward, as %s marks it".formatted(tool.title()),
          "Mark it as that tool does");
    }
  }

  @Override
  public void close() throws IOException {
    whole.close();
  }
}
