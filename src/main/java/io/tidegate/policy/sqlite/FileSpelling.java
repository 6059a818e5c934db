package io.tidegate.policy.sqlite;

import io.tidegate.policy.sqlite.SqliteDetector.Detection;
import io.tidegate.policy.sqlite.SqliteDetector.Spelling;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A file, known by its ending, its parameters or the name of its variable: Prisma ({@code
 * file:./dev.db}), Go ({@code file:test.db?cache=shared}, {@code app.sqlite3?_fk=1}), Node, Ecto
 * ({@code DATABASE_PATH}), {@code :memory:}.
 *
 * @see <a href="https://www.sqlite.org/uri.html">SQLite's URIs</a>
 * @see <a href="https://github.com/mattn/go-sqlite3#connection-string">Go</a>
 * @see <a href="https://www.prisma.io/docs/orm/overview/databases/sqlite">Prisma</a>
 */
final class FileSpelling implements Spelling {
  static final String NAMED_LIKE_ONE = "a file that is named as SQLite's often are";

  private static final Set<String> SQLITE_ENDINGS =
      Set.of("sqlite", "sqlite3", "sqlitedb", "db3", "s3db", "sl3");
  private static final Pattern FILE = Pattern.compile("[^\\s*|]*[^\\s*|/\\\\.]\\.[a-zA-Z0-9]+");
  private static final Pattern H2_FILE = Pattern.compile("(?i).*\\.(?:mv|h2|trace)\\.db");

  private static final Pattern PARAMETERS =
      Pattern.compile(
          "(?i).*[?&](?:mode=(?:memory|rwc|rw|ro)|cache=(?:shared|private)|immutable=|nolock=|vfs="
              + "|connection_limit=|_(?:pragma|journal|journal_mode|fk|foreign_keys|busy_timeout"
              + "|timeout|txlock|loc|sync|synchronous|auth|auth_user|mutex|time_format)[=(]?).*");
  private static final Pattern SCHEME = Pattern.compile("(?i)[a-z][a-z0-9+.-]+:.*");

  /** What names the file itself, in a variable that names SQLite: {@code SQLITE_PATH}. */
  private static final Set<String> NAMED =
      Set.of(
          "DATABASE",
          "DB",
          "DSN",
          "FILE",
          "FILENAME",
          "FILEPATH",
          "LOCATION",
          "NAME",
          "PATH",
          "STORAGE",
          "URI",
          "URL");

  /** As the last word it says little: {@code LOG_LEVEL_SQLITE}. Then only a path counts. */
  private static final Set<String> SQLITE = Set.of("SQLITE", "SQLITE3");

  private static final Pattern PATH = Pattern.compile("(?s).*[/\\\\.].*");

  private static final Set<String> BUILD =
      Set.of(
          "BIN",
          "BINARY",
          "BUILD",
          "EXTENSION",
          "EXTENSIONS",
          "HOME",
          "INCLUDE",
          "INSTALL",
          "LIB",
          "LIBRARY",
          "LD",
          "SRC",
          "SOURCE",
          "TEMP",
          "TMP",
          "TMPDIR");
  private static final Pattern NO_PLACE =
      Pattern.compile(
          "(?i)(?:[~^<>=]{0,2}[0-9.]+|true|false|yes|no|on|off|none|null|enabled|disabled)?");
  private static final Pattern LIBRARY =
      Pattern.compile("(?i).*\\.(?:so(?:\\.[0-9.]+)?|dll|dylib|jar|a|h|c|zip|tgz|gz|sql|log)");

  /** The whole of a URL, where Prisma and others write {@code file:} and any name. */
  private static final Set<String> URL = Set.of("URL", "URI", "DSN");

  @Override
  public Optional<Detection> find(NamedValue variable) {
    String value = variable.value();
    if (value.isEmpty() || value.length() > 4096 || value.lines().count() > 1) {
      return Optional.empty();
    }
    if (value.equalsIgnoreCase(":memory:")) {
      return Optional.of(Detection.seen(value)).filter(seen -> !variable.namesOtherFileDatabase());
    }
    return value.regionMatches(true, 0, "file:", 0, 5) ? uri(variable) : path(variable);
  }

  private static Optional<Detection> uri(NamedValue variable) {
    String value = variable.value();
    String rest = value.substring("file:".length());
    boolean sqlite =
        rest.toLowerCase(Locale.ROOT).startsWith(":memory:")
            || PARAMETERS.matcher(rest).matches()
            || isSqliteFile(rest)
            || (isDatabaseFile(rest) && !variable.namesOtherFileDatabase())
            || isDatabaseUrl(variable, rest);
    return sqlite ? Optional.of(Detection.seen(value)) : Optional.empty();
  }

  private static boolean isDatabaseUrl(NamedValue variable, String rest) {
    return !rest.isBlank()
        && variable.namesDatabase()
        && variable.endsWith(URL)
        && !variable.namesOtherFileDatabase()
        && !hasOtherExtension(rest);
  }

  private static Optional<Detection> path(NamedValue variable) {
    String value = variable.value();
    boolean sure = isSqliteFile(value) || isSqlitePlace(variable);
    boolean maybe =
        isDatabaseFile(value) && variable.namesDatabase() && !variable.namesOtherFileDatabase();
    if (!(sure || maybe) || isUrl(value)) {
      return Optional.empty();
    }
    if (sure) {
      return Optional.of(Detection.seen(value));
    }
    Detection file = Detection.seen(value);
    return Optional.of(PARAMETERS.matcher(value).matches() ? file : file.ambiguous(NAMED_LIKE_ONE));
  }

  private static boolean isUrl(String value) {
    boolean drive = value.length() > 2 && value.charAt(1) == ':' && value.charAt(2) != '/';
    return SCHEME.matcher(value).matches() && !drive;
  }

  private static boolean isSqlitePlace(NamedValue variable) {
    return variable.has(SQLITE)
        && (variable.endsWith(NAMED) || variable.endsWith(SQLITE))
        && !variable.has(BUILD)
        && (variable.endsWith(NAMED) || PATH.matcher(variable.value()).matches())
        && !NO_PLACE.matcher(variable.value()).matches()
        && !LIBRARY.matcher(variable.value()).matches();
  }

  /** Whether a path or URL, without its parameters, ends as only SQLite's files do. */
  static boolean isSqliteFile(String path) {
    String bare = bare(path);
    return SQLITE_ENDINGS.contains(ending(bare)) && FILE.matcher(bare).matches();
  }

  /** Whether it ends as SQLite's files and those of others do. */
  static boolean isDatabaseFile(String path) {
    String bare = bare(path);
    return ending(bare).equals("db")
        && FILE.matcher(bare).matches()
        && !H2_FILE.matcher(bare).matches();
  }

  /** Whether it ends as a file of another kind does. */
  static boolean hasOtherExtension(String path) {
    String bare = bare(path).toLowerCase(Locale.ROOT);
    String name = bare.substring(bare.lastIndexOf('/') + 1);
    return name.lastIndexOf('.') > 0;
  }

  private static String ending(String path) {
    return path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static String bare(String path) {
    int question = path.indexOf('?');
    return question < 0 ? path : path.substring(0, question);
  }
}
