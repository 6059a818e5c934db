package io.tidegate.policy.sqlite;

import io.tidegate.secret.Redactor;
import java.util.regex.Pattern;

/**
 * SQLite, seen in a value.
 *
 * @param certainty whether it surely is one
 * @param text the part of the value that shows it, fit for a message: bounded, without secrets
 * @param note what makes it ambiguous, a clause without a full stop; empty where it is sure
 */
public record Detection(Certainty certainty, String text, String note) {

  /** Whether a value surely names SQLite. */
  public enum Certainty {
    SURE,
    /** It looks like SQLite, and may be something that is safe with several replicas. */
    AMBIGUOUS
  }

  static Detection sure(String text) {
    return new Detection(Certainty.SURE, Excerpt.of(text), "");
  }

  Detection ambiguous(String why) {
    return new Detection(Certainty.AMBIGUOUS, text, why);
  }

  /** What was seen, for a message. */
  public String describe() {
    return note.isEmpty() ? text : text + ", " + note;
  }

  /** The part of a value that may be shown: no parameters, no user, no password, not too long. */
  static final class Excerpt {
    private static final int LONGEST = 120;

    /** A password of SQLCipher may hold a slash, so all up to the last at sign goes. */
    private static final Pattern USER = Pattern.compile("://[^\\s?]*@");

    private Excerpt() {}

    static String of(String text) {
      int end = text.indexOf('?');
      String bare = end < 0 ? text : text.substring(0, end);
      String shown =
          Redactor.redact(USER.matcher(bare).replaceAll("://" + Redactor.MASK + "@"))
              .replaceAll("\\p{Cntrl}", " ")
              .strip();
      return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "...";
    }
  }
}
