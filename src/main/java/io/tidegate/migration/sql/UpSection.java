package io.tidegate.migration.sql;

import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * The section of a migration file that leads forward. All else is read as empty lines, so that a
 * statement keeps the number of its line.
 */
final class UpSection extends Reader {
  private final MigrationTool tool;
  private final BufferedReader whole;
  private final StringBuilder line = new StringBuilder();
  private int number;
  private int position;
  private boolean found;
  private boolean up;
  private boolean transaction = true;

  UpSection(MigrationTool tool, Reader whole) {
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
    String command = tool.command(line.toString());
    if (command != null) {
      obey(command);
    }
    if (command != null || !up) {
      refuseBeforeSection(command);
      line.setLength(0);
    }
    line.append(c < 0 ? "" : "\n");
    return !line.isEmpty() || nextLine();
  }

  private void obey(String command) {
    switch (command) {
      case "up", "up transaction:true" -> begin(true);
      case "up transaction:false", "up notransaction" -> begin(false);
      case "no transaction" -> transaction = false;
      case "statementbegin",
          "statementend" -> {} // Where a statement ends is for the server to say.
      default -> {
        if (!command.equals("down") && !command.startsWith("down ")) {
          throw new ScriptException(
              number,
              "what %s is told here is not known: %s".formatted(tool.title(), command),
              "Leave it out, or migrate with " + tool.title());
        }
        up = false;
      }
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

  private void refuseBeforeSection(@Nullable String command) {
    String text = line.toString().strip();
    if (!found && command == null && !text.isEmpty() && !text.startsWith("--")) {
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
