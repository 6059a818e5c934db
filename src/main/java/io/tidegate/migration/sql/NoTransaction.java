package io.tidegate.migration.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The comment that keeps a plain file from running as one transaction, before its first statement. */
public final class NoTransaction {
  /** As it is written best. */
  public static final String LINE = "-- tidegate: no-transaction";

  private static final Pattern MARK =
      Pattern.compile("\\s*--\\s*tidegate\\s*:\\s*no-transaction\\b", Pattern.CASE_INSENSITIVE);

  private NoTransaction() {}

  /** Whether what begins there is it. */
  static boolean isAt(CharSequence text, int from) {
    return MARK.matcher(text).region(from, text.length()).lookingAt();
  }

  /**
   * Whether it stands in the lines of comment that a file begins with.
   *
   * @param firstLine the first line; null: there is none
   * @param more the lines behind it
   */
  static boolean begins(@Nullable String firstLine, BufferedReader more) throws IOException {
    String line = firstLine;
    while (line != null && isComment(line.strip())) {
      if (isAt(line, 0)) {
        return true;
      }
      line = more.readLine();
    }
    return false;
  }

  private static boolean isComment(String line) {
    return line.isEmpty() || line.startsWith("--") || line.startsWith("#");
  }
}
