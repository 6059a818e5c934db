package io.tidegate.migration.sql;

import io.tidegate.secret.Redactor;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a statement begins with, and how it may be shown. */
public final class StatementText {
  private static final int LONGEST_SHOWN = 300;
  private static final Pattern LEADING_COMMENTS =
      Pattern.compile(
          "\\A(?:\\s+|--[^\\n]*(?:\\n|\\z)|#[^\\n]*(?:\\n|\\z)|/\\*(?!M?!).*?\\*/)++",
          Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("\\A[A-Za-z]+");
  private static final Pattern TEXT = Pattern.compile("'(?:[^']|'')*+'");

  private StatementText() {}

  /** The statement without the comments before it. */
  public static String bare(String statement) {
    return LEADING_COMMENTS.matcher(statement).replaceFirst("");
  }

  /** Its first word in upper case, comments left out; empty if it begins with none. */
  public static String firstWord(String statement) {
    var word = WORD.matcher(bare(statement));
    return word.find() ? word.group().toUpperCase(Locale.ROOT) : "";
  }

  /** One short line of it, with its literal texts masked, since they may be secret. */
  static String shown(String statement) {
    String line =
        Redactor.redact(TEXT.matcher(bare(statement)).replaceAll("'...'"))
            .replaceAll("\\s+", " ")
            .strip();
    return line.length() > LONGEST_SHOWN ? line.substring(0, LONGEST_SHOWN) + "..." : line;
  }
}
