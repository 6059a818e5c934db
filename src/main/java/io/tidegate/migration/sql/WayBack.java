package io.tidegate.migration.sql;

import io.tidegate.migration.sql.ScriptReader.ScriptStatement;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the section of a plain SQL file that leads back: a comment between two statements that is
 * such a section's title, as {@code -- Down}, with a statement behind it. The same words in the body
 * of a function, in a text or with more words beside them are no title.
 */
final class WayBack {
  private static final String AROUND = "[^\\p{L}\\p{N}]*";
  private static final String BACK =
      "(downs?|downgrade|undo|rollback|roll[ _-]back|revert|unapply|backout|back[ _-]out)";

  /** As {@code -- Down}, {@code -- 1 down}, {@code -- migrate down}, {@code -- Rollback script}. */
  private static final Pattern TITLE =
      pattern(
          "(\\d+\\s+|(sql|migrate|migrations?|name)[\\s:_-]+)?"
              + BACK
              + "(\\.sql|[\\s:_-]+(script|section|part|sql|migrations?))?");

  /** What follows it may be meant for people: a statement if it is one, or else a comment. */
  private static final Pattern INSTRUCTION = pattern("to[\\s_-]+" + BACK);

  /** The line of the last title with no statement behind it yet; 0: there is none. */
  private int title;

  private boolean instruction;

  /** Where the last statement ended. */
  private int lastLine;

  private WayBack() {}

  /** Whether a comment with its marks, or one line of it, may be such a title. */
  static boolean isTitle(String comment) {
    return TITLE.matcher(comment).matches() || INSTRUCTION.matcher(comment).matches();
  }

  /**
   * The line of the title.
   *
   * @throws ScriptException if the script cannot be taken apart
   */
  static Optional<Integer> in(ScriptReader script) throws IOException {
    WayBack wayBack = new WayBack();
    script.listen(wayBack::comment);
    for (ScriptStatement next = script.next(); next != null; next = script.next()) {
      if (wayBack.title > 0) {
        return Optional.of(wayBack.title);
      }
      wayBack.lastLine = script.line();
      drain(next.data());
    }
    return Optional.empty();
  }

  private void comment(String text, int line) {
    if (line == lastLine) {
      return; // It is about the statement before it.
    }
    if (isTitle(text)) {
      title = line;
      instruction = INSTRUCTION.matcher(text).matches();
    } else if (instruction) {
      title = 0;
      instruction = false;
    }
  }

  private static void drain(@Nullable InputStream data) throws IOException {
    if (data != null) {
      data.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static Pattern pattern(String words) {
    return Pattern.compile(AROUND + words + AROUND, Pattern.CASE_INSENSITIVE);
  }
}
