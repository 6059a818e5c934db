package io.tidegate.policy.sqlite;

import io.tidegate.secret.Redactor;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Detects whether a setting names SQLite, in the spelling of any framework. Servers that speak SQLite
 * over the network (libsql and Turso, rqlite, dqlite, SQLite Cloud) are safe and not detected; what
 * replicates a local file (LiteFS, embedded replicas of libsql) is ambiguous.
 */
public final class SqliteDetector {
  private static final List<Spelling> SPELLINGS =
      List.of(new UrlSpelling(), new AdoSpelling(), new FileSpelling(), new WordSpelling());

  static final String EMBEDDED_REPLICA = "which may be an embedded replica of a libsql server";
  private static final String LITEFS = "which may be a file that LiteFS replicates";

  /** One way in which frameworks spell SQLite. */
  interface Spelling {

    /** What of it is in a variable; empty if nothing. Linear in the length of the value. */
    Optional<Detection> find(NamedValue variable);
  }

  private SqliteDetector() {}

  /** SQLite in one setting, looked at by itself. */
  public static Optional<Detection> detect(String name, String value) {
    NamedValue variable = NamedValue.of(name, value);
    return SPELLINGS.stream()
        .flatMap(spelling -> spelling.find(variable).stream())
        .findFirst()
        .map(detection -> replicated(detection, variable));
  }

  /** SQLite in settings that belong together, by name. */
  public static SortedMap<String, Detection> detectAll(Map<String, String> settings) {
    SortedMap<String, Detection> detections = new TreeMap<>();
    settings.forEach((name, value) ->
        detect(name, value, settings.values())
            .ifPresent(detection -> detections.put(name, detection)));
    return detections;
  }

  /**
   * SQLite in one setting of several.
   *
   * @param all the values of all settings that belong together
   */
  public static Optional<Detection> detect(String name, String value, Collection<String> all) {
    return detect(name, value)
        .map(detection ->
            all.stream().anyMatch(SqliteDetector::namesLibsql) ? embedded(detection) : detection);
  }

  /**
   * What is known to be a SQLite file.
   *
   * @param text how it is shown
   * @param path the file's path
   */
  public static Detection ofFile(String text, String path) {
    return replicated(Detection.seen(text), NamedValue.of("", path));
  }

  private static Detection replicated(Detection detection, NamedValue variable) {
    if (detection.certainty() == Detection.Certainty.AMBIGUOUS) {
      return detection;
    }
    if (variable.lowerCaseValue().contains("/litefs/")) {
      return detection.ambiguous(LITEFS);
    }
    return namesLibsql(variable.value()) ? embedded(detection) : detection;
  }

  /** Only a file can be a replica: a framework's own dialect of SQLite knows nothing of libsql. */
  private static Detection embedded(Detection detection) {
    boolean file = detection.text().toLowerCase(Locale.ROOT).startsWith("file:");
    return file ? detection.ambiguous(EMBEDDED_REPLICA) : detection;
  }

  private static boolean namesLibsql(String value) {
    return value.contains("libsql://") || value.contains(".turso.io");
  }

  /**
   * SQLite, seen in a value.
   *
   * @param certainty whether it surely is one
   * @param text the part of the value that shows it, fit for a message: bounded, without secrets
   * @param note what makes it ambiguous, a clause without a full stop; empty where it is sure
   * @param inMemory whether it is a database in memory, without a file
   */
  public record Detection(Certainty certainty, String text, String note, boolean inMemory) {
    private static final String READ_ONLY_NOTE = "which is opened for reading only";

    /** What SQLite itself, JDBC and ADO.NET call it. */
    private static final Pattern READ_ONLY =
        Pattern.compile(
            "(?i)[?&;]\\s*(?:mode=ro|open_mode=1|immutable=(?:1|true)|mode=readonly"
                + "|read ?only=true)\\s*(?:[&;]|$)");

    /** Without a path it is in memory too, as for SQLAlchemy and JDBC. */
    private static final Pattern IN_MEMORY =
        Pattern.compile(
            "(?i):memory:|[?&;]\\s*mode=memory\\b"
                + "|(?:sqlite3?|spatialite)(?:\\+[a-z0-9_]+)?:/{0,3}(?:\\?.*)?$");

    /** Whether a value surely names SQLite. */
    public enum Certainty {
      SURE,
      /** It looks like SQLite, and may be something that is safe with several replicas. */
      AMBIGUOUS
    }

    /** SQLite, surely, unless it is opened for reading only. */
    static Detection seen(String text) {
      return seen(text, text);
    }

    /**
     * The same, where what is shown is not the whole value.
     *
     * @param value how it is opened, with its parameters
     */
    static Detection seen(String text, String value) {
      Detection sure =
          new Detection(Certainty.SURE, Excerpt.of(text), "", IN_MEMORY.matcher(value).find());
      return READ_ONLY.matcher(value).find() ? sure.ambiguous(READ_ONLY_NOTE) : sure;
    }

    Detection ambiguous(String why) {
      return new Detection(Certainty.AMBIGUOUS, text, why, inMemory);
    }

    /** Whether data is in a file here only: no server holds it, nothing replicates it. */
    public boolean isOnlyHere() {
      return !inMemory && (certainty == Certainty.SURE || note.equals(FileSpelling.NAMED_LIKE_ONE));
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
}
