package io.tidegate.policy.sqlite;

import io.tidegate.secret.Redactor;
import java.util.regex.Pattern;

/** The part of a value that may be shown: no parameters, no user, no password, not too long. */
final class Excerpt {
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
