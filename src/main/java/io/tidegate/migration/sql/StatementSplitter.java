package io.tidegate.migration.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.Locale;
import java.util.function.ObjIntConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes a script apart into its statements, one after the other, and keeps no more of it in memory
 * than one statement. This class knows what all databases share; each adds its own quotes, comments
 * and bodies, and the commands of its own client.
 */
public class StatementSplitter {
  private static final int BUFFER_CHARS = 16 << 10;

  /** As many words of a statement as decide what it does. */
  private static final int HEAD_WORDS = 12;

  /** A statement is in memory several times: as text, and as what the driver makes of it. */
  private static final int SHARE_OF_HEAP = 16;

  private static final int END = -1;

  private final Reader in;
  private final int longest;
  private final char[] buffer = new char[BUFFER_CHARS];
  private int at;
  private int filled;
  private int line = 1;
  private boolean lineStarts = true;

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder head = new StringBuilder();
  private int words;
  private int firstLine;
  private boolean started;
  private int noTransactionLine;
  private @Nullable ObjIntConsumer<String> comments;

  /** Reads from there; the caller closes it. */
  public StatementSplitter(Reader in) {
    this(in, Math.toIntExact(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
  }

  /**
   * Reads from there; the caller closes it.
   *
   * @param longest how many characters a statement may have at most
   */
  StatementSplitter(Reader in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /**
   * The next statement; null at the end of the script.
   *
   * @throws ScriptException if the script cannot be run as it is
   */
  public final @Nullable ScriptStatement next() throws IOException {
    clear();
    begin();
    while (peek(0) != END) {
      if (peek(0) <= ' ' || atComment()) {
        passBlank();
      } else if (!passDelimiter()) {
        if (!started && command()) {
          clear();
        } else {
          start();
          token();
        }
      } else if (started) {
        return statement();
      }
    }
    return started ? statement() : null;
  }

  /** Registers who is given each comment between two statements, with the line in which it begins. */
  final void listen(ObjIntConsumer<String> listener) {
    comments = listener;
  }

  private ScriptStatement statement() throws IOException {
    return finish(text.toString().strip(), firstLine, head.toString());
  }

  private void clear() {
    started = false;
    text.setLength(0);
    head.setLength(0);
    words = 0;
  }

  private void start() {
    if (!started) {
      started = true;
      firstLine = line;
    }
  }

  /** What stands between statements does not belong to the next one. */
  private void passBlank() throws IOException {
    if (atComment()) {
      int begin = line;
      int from = text.length();
      comment();
      noTransactionLine = NoTransaction.isAt(text, from) ? begin : noTransactionLine;
      if (!started && comments != null) {
        comments.accept(text.toString(), begin);
      }
    } else {
      take();
    }
    if (!started) {
      text.setLength(0);
    }
  }

  // What a database has in its own way.

  /** A new statement begins. */
  protected void begin() throws IOException {}

  /** Whether a comment begins here that means nothing to the server. */
  protected boolean atComment() throws IOException {
    int c = peek(0);
    return (c == '-' && peek(1) == '-') || (c == '/' && peek(1) == '*');
  }

  /** Takes the comment that begins here. */
  protected void comment() throws IOException {
    if (startsWith("/*")) {
      takeThrough("*/", "a comment");
    } else {
      takeLine();
    }
  }

  /** Leaves out the delimiter that ends a statement here; false if none does. */
  protected boolean passDelimiter() throws IOException {
    if (peek(0) == ';' && complete()) {
      skip();
      return true;
    }
    return false;
  }

  /** Whether the semicolon here ends the statement, rather than one inside its body. */
  protected boolean complete() {
    return true;
  }

  /**
   * Obeys what is meant for the client rather than for the server, at the begin of a statement.
   *
   * @return false if there is no such thing here
   */
  protected boolean command() throws IOException {
    return false;
  }

  /** Takes a quoted text, a word or one character. */
  protected void token() throws IOException {
    int c = peek(0);
    if (c == '\'' || c == '"' || c == '`') {
      quoted((char) c, false);
    } else if (isWordPart(c)) {
      word(takeWord());
    } else {
      take();
      symbol((char) c);
    }
  }

  /** A word was taken: a keyword, a name or a number, in upper case. */
  protected void word(String upper) {}

  /** A quoted text or name was taken. */
  protected void literal() {}

  /** Another character was taken. */
  protected void symbol(char c) {}

  /** Makes the statement of what was taken. */
  protected ScriptStatement finish(String statement, int begin, String firstWords)
      throws IOException {
    return new ScriptStatement(statement, begin, firstWords, null);
  }

  // What they are made of.

  /** The character so far ahead; negative behind the end. */
  protected final int peek(int ahead) throws IOException {
    while (at + ahead >= filled) {
      if (at > 0) {
        System.arraycopy(buffer, at, buffer, 0, filled - at);
        filled -= at;
        at = 0;
      }
      int read = in.read(buffer, filled, buffer.length - filled);
      if (read < 0) {
        return END;
      }
      filled += read;
    }
    return buffer[at + ahead];
  }

  /** Whether this stands here, in any case. */
  protected final boolean startsWith(String expected) throws IOException {
    for (int i = 0; i < expected.length(); i++) {
      int c = peek(i);
      if (c == END || Character.toUpperCase(c) != Character.toUpperCase(expected.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** The line of the last comment so far that is {@link NoTransaction}; 0: there is none. */
  final int noTransactionLine() {
    return noTransactionLine;
  }

  /** Whether no statement has begun that is not ended. */
  protected final boolean isBetweenStatements() {
    return !started;
  }

  /** Whether nothing of the line was read, not even a blank. */
  protected final boolean isAtStartOfLine() {
    return lineStarts;
  }

  /** The line that is being read, from 1. */
  protected final int line() {
    return line;
  }

  /** Passes one character, which does not belong to the statement; negative at the end. */
  protected final int skip() throws IOException {
    int c = peek(0);
    if (c != END) {
      at++;
      lineStarts = c == '\n';
      if (lineStarts) {
        line++;
      }
    }
    return c;
  }

  /** Takes one character into the statement. */
  protected final void take() throws IOException {
    int c = skip();
    if (c == END) {
      return;
    }
    if (text.length() >= longest) {
      throw new ScriptException(
          firstLine,
          "the statement is longer than the %d characters that one may have in a heap of %d bytes"
              .formatted(longest, Runtime.getRuntime().maxMemory()),
          "Split it into several, load its rows with COPY where there is one, or raise the JVM's -Xmx"
              + " and the container's limit");
    }
    text.append((char) c);
  }

  /** Takes so many characters. */
  protected final void take(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      take();
    }
  }

  /** Takes the rest of the line, without its end. */
  protected final void takeLine() throws IOException {
    while (peek(0) != END && peek(0) != '\n') {
      take();
    }
  }

  /** Passes the rest of the line with its end, and gives it without. */
  protected final String skipLine() throws IOException {
    StringBuilder rest = new StringBuilder();
    for (int c = skip(); c != END && c != '\n'; c = skip()) {
      rest.append((char) c);
    }
    return rest.toString();
  }

  /** Takes all from here to a mark and the mark; the two characters here begin it. */
  protected final void takeThrough(String mark, String what) throws IOException {
    int begin = line;
    take(2);
    while (!startsWith(mark)) {
      if (peek(0) == END) {
        throw unended(what, begin);
      }
      take();
    }
    take(mark.length());
  }

  /** Takes the quoted text that begins here; a doubled quote goes on, and so may an escaped one. */
  protected final void quoted(char quote, boolean backslash) throws IOException {
    int begin = line;
    take();
    while (peek(0) != quote) {
      if (peek(0) == END) {
        throw unended("a quoted text", begin);
      }
      take(backslash && peek(0) == '\\' && peek(1) != END ? 2 : 1);
    }
    take();
    literal();
  }

  /** Takes the word that begins here, and gives it in upper case. */
  protected final String takeWord() throws IOException {
    int from = text.length();
    while (isWordPart(peek(0)) && !atWordEnd()) {
      take();
    }
    String word = text.substring(from).toUpperCase(Locale.ROOT);
    if (words < HEAD_WORDS && !word.isEmpty()) {
      head.append(words == 0 ? "" : " ").append(word);
      words++;
    }
    return word;
  }

  /** Whether a word ends here although it could go on. */
  protected boolean atWordEnd() throws IOException {
    return false;
  }

  /** Whether words are made of this. */
  protected static boolean isWordPart(int c) {
    return c == '_' || c == '$' || c > 127 || Character.isLetterOrDigit(c);
  }

  /** The word that stands here, in upper case, without taking it. */
  protected final String peekWord() throws IOException {
    StringBuilder word = new StringBuilder();
    while (word.length() < 64 && isWordPart(peek(word.length()))) {
      word.append((char) peek(word.length()));
    }
    return word.toString().toUpperCase(Locale.ROOT);
  }

  /** What begins there does not end. */
  protected static ScriptException unended(String what, int begin) {
    return new ScriptException(begin, what + " begins here and does not end", "End it");
  }

  /**
   * One statement of a plain SQL file.
   *
   * @param text as it is sent: without the delimiter, and without the comments before it
   * @param line the line of the file in which it begins, from 1
   * @param head its first words in upper case with one space between them; comments, quoted texts and
   *     names, and symbols are left out
   * @param data what the client sends after it, as the rows of {@code COPY ... FROM stdin}; to be read
   *     before the next statement is asked for; null if there is none
   */
  public record ScriptStatement(String text, int line, String head, @Nullable InputStream data) {}

  /** The comment that keeps a plain file from running as one transaction, before its first statement. */
  public static final class NoTransaction {
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

  /** A script cannot be run as it is: what stands there would do something else, or nothing. */
  public static final class ScriptException extends RuntimeException {
    private final int line;
    private final String remedy;

    /**
     * Says what is wrong.
     *
     * @param line where it stands, from 1
     * @param what a clause that follows "line 7: "
     * @param remedy what to do about it
     */
    public ScriptException(int line, String what, String remedy) {
      super(what);
      this.line = line;
      this.remedy = remedy;
    }

    /** Where it stands, from 1. */
    public int line() {
      return line;
    }

    /** What to do about it. */
    public String remedy() {
      return remedy;
    }
  }
}
