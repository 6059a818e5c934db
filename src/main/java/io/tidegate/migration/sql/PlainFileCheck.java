package io.tidegate.migration.sql;

import io.tidegate.migration.sql.SqlFileChange.Source;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one SQL file through, line by line, for what would go wrong if all of it were run as it
 * stands: another tool's marks, a section that leads back, a dump whose bytes are not text.
 */
final class PlainFileCheck {
  /** As Liquibase has it. */
  private static final Pattern FORMATTED =
      Pattern.compile("--\\s*liquibase\\s*formatted.*", Pattern.CASE_INSENSITIVE);

  /** Marks are short; of a longer line only the beginning is looked at. */
  private static final int HEAD = 200;

  private static final Pattern DUMP =
      Pattern.compile("-- (MySQL|MariaDB) dump .*", Pattern.CASE_INSENSITIVE);

  private final String file;
  private final StringBuilder head = new StringBuilder(HEAD);
  private int line = 1;
  private boolean begun;
  private boolean formatted;
  private boolean dump;
  private int firstNotAscii;
  private int title;
  private boolean longComment;
  private @Nullable Finding finding;

  private PlainFileCheck(String file) {
    this.file = file;
  }

  /**
   * Another tool's mark in a file.
   *
   * @param tool whose; null: no tool's in particular
   * @param line where, counted from 1
   */
  record Finding(String file, @Nullable OtherTool tool, int line) {
    /**
     * The problem to end with.
     *
     * @param more what is said of more such files
     */
    Problem problem(String more) {
      return new Problem(
          ExitCode.CHANGELOG,
          tool == null
              ? "a section that leads back begins here%s, and would run right behind the way forward"
                  .formatted(more)
              : "the file is one of %s%s: %s".formatted(tool.title(), more, tool.danger()),
          file + ", line " + line,
          tool == null
              ? "Take the section out; if it is none, word the comment otherwise"
              : tool.remedy());
    }
  }

  /**
   * Reads the file through.
   *
   * @param largest how many bytes it may have
   * @param scripts take it apart as the database would
   * @return what marks it as another tool's; empty if nothing does, or Liquibase reads it
   * @throws ProblemException with exit 65 if it is not text in its encoding, or too large
   */
  static Optional<Finding> check(
      Path file,
      @Nullable Charset encoding,
      long largest,
      Function<Reader, StatementSplitter> scripts)
      throws IOException {
    long size = Files.size(file);
    if (size > largest) {
      throw ChangelogRoot.tooLarge(file.toString(), largest);
    }
    PlainFileCheck reading = new PlainFileCheck(file.toString());
    // A stream over a channel takes half as long again to open.
    try (InputStream in = new FileInputStream(file.toFile())) {
      StrictText.decode(in, size, encoding, file.toString(), reading::read);
    }
    reading.endLine();
    reading.refuseTranscodedDump(encoding);
    return reading.finding(
        scripts, () -> StrictText.open(new FileInputStream(file.toFile()), encoding));
  }

  /**
   * Looks through what was read of a file.
   *
   * @return what marks it as another tool's; empty if nothing does, or Liquibase reads it
   */
  static Optional<Finding> check(
      String file, String text, Function<Reader, StatementSplitter> scripts) throws IOException {
    PlainFileCheck reading = new PlainFileCheck(file);
    reading.read(CharBuffer.wrap(text));
    reading.endLine();
    return reading.finding(scripts, () -> new StringReader(text));
  }

  /**
   * Looks at a file that a changelog has included, if it is in Liquibase's format.
   *
   * @throws ProblemException with exit 65 if something in it would never run
   */
  static void checkFormatted(Path file, @Nullable Charset encoding) throws IOException {
    if (isFormatted(file, encoding)) {
      new PlainFileCheck(file.toString())
          .refuseBeforeFirstChangeset(
              () -> StrictText.open(new FileInputStream(file.toFile()), encoding));
    }
  }

  /** Whether nothing is in the file but perhaps a byte order mark. */
  static boolean isEmpty(Path file) throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      byte[] beginning = in.readNBytes(StrictText.LONGEST_MARK + 1);
      return StrictText.isOnlyMark(beginning);
    }
  }

  /** Whether a file that begins with this line is a changelog of Liquibase's. */
  static boolean isFormatted(String firstLine) {
    return FORMATTED.matcher(firstLine).matches();
  }

  /** Whether a file is one; not where it cannot be read, which is told when it is read through. */
  static boolean isFormatted(Path file, @Nullable Charset encoding) {
    try (InputStream in = Files.newInputStream(file);
        BufferedReader text = new BufferedReader(StrictText.open(in, encoding))) {
      return isFormatted(firstLine(text));
    } catch (IOException _) {
      return false;
    }
  }

  /** The first line that is not blank, without blanks around it; empty if there is none. */
  static String firstLine(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    while (line != null && line.isBlank()) {
      line = lines.readLine();
    }
    return line == null ? "" : line.strip();
  }

  private void read(CharBuffer text) {
    while (text.hasRemaining()) {
      char c = text.get();
      if (c == '\n' || c == '\r') {
        endLine();
        line += c == '\n' ? 1 : 0;
      } else {
        if (c > 127 && firstNotAscii == 0) {
          firstNotAscii = line;
        }
        readInLine(c);
      }
    }
  }

  /** Of a line that is no comment only the first letter counts. */
  private void readInLine(char c) {
    if (head.isEmpty()) {
      if (!Character.isWhitespace(c)) {
        head.append(c);
      }
    } else if (head.length() < HEAD && isComment()) {
      head.append(c);
    }
  }

  private boolean isComment() {
    return "-#/*".indexOf(head.charAt(0)) >= 0;
  }

  private void endLine() {
    if (head.isEmpty()) {
      return;
    }
    formatted |= !begun && isFormatted(head.toString());
    begun = true;
    if (finding == null && isComment()) {
      comment(head.toString().strip());
    }
    head.setLength(0);
  }

  /** A line that begins as a comment, or as its next line. */
  private void comment(String text) {
    dump |= DUMP.matcher(text).matches();
    Optional<OtherTool> tool = OtherTool.ofLine(text);
    if (tool.isPresent()) {
      finding = new Finding(file, tool.get(), line);
    } else if (title == 0 && WayBack.isTitle(text)) {
      title = line;
    }
    longComment |= text.startsWith("/*") && !text.contains("*/");
  }

  private Optional<Finding> finding(Function<Reader, StatementSplitter> scripts, Source text)
      throws IOException {
    if (formatted) {
      refuseBeforeFirstChangeset(text);
      return Optional.empty();
    }
    return finding == null ? wayBack(scripts, text) : Optional.of(finding);
  }

  /** Liquibase passes over what stands there without a word, and so over all of a file without one. */
  private void refuseBeforeFirstChangeset(Source source) throws IOException {
    try (BufferedReader lines = new BufferedReader(source.open())) {
      int found = BeforeFirstChangeset.line(lines);
      if (found > 0) {
        throw new ProblemException(
            new Problem(
                ExitCode.CHANGELOG,
                "what stands here belongs to no changeset of this file in Liquibase's format, and would never run",
                file + ", line " + found,
                "Put a line --changeset author:id before it, or take it out"));
      }
    }
  }

  /** Most files hold nothing that may be a title, and are read once only. */
  private Optional<Finding> wayBack(Function<Reader, StatementSplitter> scripts, Source source)
      throws IOException {
    if (title == 0 && !longComment) {
      return Optional.empty();
    }
    try (Reader text = source.open()) {
      return WayBack.in(scripts.apply(text)).map(found -> new Finding(file, null, found));
    } catch (ScriptException _) {
      // What cannot be taken apart is refused for that before it runs; a title is so at once.
      return title == 0 ? Optional.empty() : Optional.of(new Finding(file, null, title));
    }
  }

  /** A declared encoding is for text; the binary columns of such a dump are sent as they are. */
  private void refuseTranscodedDump(@Nullable Charset encoding) {
    if (dump && firstNotAscii > 0 && encoding != null && !encoding.equals(StandardCharsets.UTF_8)) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "the file is a dump with bytes that are not ASCII, which "
                  + encoding.name()
                  + " would change",
              file + ", line " + firstNotAscii,
              "Take the dump with --hex-blob --default-character-set=utf8mb4, and declare no"
                  + " encoding"));
    }
  }

  /** Finds what stands before the first changeset of a file in Liquibase's format, and is no comment. */
  private static final class BeforeFirstChangeset {
    private static final Pattern CHANGESET =
        Pattern.compile("--\\s*changeset\\b.*", Pattern.CASE_INSENSITIVE);

    private static final Pattern IGNORED =
        Pattern.compile("--\\s*ignoreLines:(\\d+|start|end)\\s*", Pattern.CASE_INSENSITIVE);

    private BeforeFirstChangeset() {}

    /** Its line, from 1; 0: there is none. */
    static int line(BufferedReader lines) throws IOException {
      boolean comment = false;
      int ignored = 0;
      int number = 0;
      for (String next = lines.readLine(); next != null; next = lines.readLine()) {
        number++;
        String line = next.strip();
        Matcher mark = IGNORED.matcher(line);
        if (mark.matches()) {
          ignored = lines(mark.group(1).toLowerCase(Locale.ROOT));
        } else if (ignored > 0) {
          ignored--;
        } else if (CHANGESET.matcher(line).matches()) {
          return 0; // To Liquibase it is one in a comment too.
        } else {
          while (comment || line.startsWith("/*")) {
            int end = line.indexOf("*/", comment ? 0 : 2);
            comment = end < 0;
            if (comment) {
              line = "";
              break;
            }
            line = line.substring(end + 2).strip();
          }
          if (!line.isEmpty() && !line.startsWith("--") && !line.startsWith("#")) {
            return number;
          }
        }
      }
      return 0;
    }

    /** How many lines are left out. */
    private static int lines(String count) {
      return switch (count) {
        case "start" -> Integer.MAX_VALUE;
        case "end" -> 0;
        default -> count.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(count);
      };
    }
  }

  /**
   * Finds the section of a plain SQL file that leads back: a comment between two statements that is
   * such a section's title, as {@code -- Down}, with a statement behind it. The same words in the body
   * of a function, in a text or with more words beside them are no title.
   */
  static final class WayBack {
    private static final String AROUND = "[^\\p{L}\\p{N}]*";
    private static final String BACK =
        "(downs?|downgrade|undo|rollback|roll[ _-]back|revert|unapply|backout|back[ _-]out)";

    /** Words for many things, which only those behind them make a title. */
    private static final String MAYBE_BACK = "(reverse|rolling[ _-]back|tear[ _-]?down)";

    private static final String SECTION =
        "[\\s:_-]+(scripts?|section|part|sql|migrations?|statements?|commands?)";

    /** As {@code -- Down}, {@code -- 1 down}, {@code -- migrate down}, {@code -- Rollback SQL (by hand)}. */
    private static final Pattern TITLE =
        pattern(
            "(\\d+\\s+|(sql|migrate|migrations?|name)[\\s:_-]+)?"
                + "("
                + (BACK + "(\\.sql)?")
                + ("|(downs?|(" + BACK + "|" + MAYBE_BACK + ")(" + SECTION + "){1,3})")
                // A note in parentheses, as (run by hand).
                + "(\\s*\\([^()]*\\))?"
                + ")");

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
    static Optional<Integer> in(StatementSplitter script) throws IOException {
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
}
