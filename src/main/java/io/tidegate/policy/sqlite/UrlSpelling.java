package io.tidegate.policy.sqlite;

import io.tidegate.policy.sqlite.SqliteDetector.Detection;
import io.tidegate.policy.sqlite.SqliteDetector.Spelling;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL or DSN that begins with SQLite's name, alone or within a longer text: SQLAlchemy with its
 * drivers ({@code sqlite+aiosqlite:///app.db}), Celery ({@code db+sqlite:///}), JDBC, Rails ({@code
 * sqlite3:}), Doctrine ({@code pdo-sqlite:}), PDO and sqlx ({@code sqlite:app.db}), GeoDjango ({@code
 * spatialite://}).
 *
 * @see <a href="https://docs.sqlalchemy.org/en/20/dialects/sqlite.html">SQLAlchemy</a>
 * @see <a href="https://github.com/xerial/sqlite-jdbc/blob/master/USAGE.md">JDBC</a>
 * @see <a href="https://www.php.net/manual/en/ref.pdo-sqlite.connection.php">PDO</a>
 * @see <a href="https://docs.rs/sqlx/latest/sqlx/sqlite/struct.SqliteConnectOptions.html">sqlx</a>
 */
final class UrlSpelling implements Spelling {
  /** Not after a slash, an at sign or a colon: that would be a host, an image or a search path. */
  private static final Pattern URL =
      Pattern.compile(
          "(?i)(?<![a-z0-9./@:+_-])(jdbc:(?:[a-z0-9]{1,20}:){0,3}|[a-z0-9]{1,20}\\+)?"
              + "(?:sqlite3?|spatialite|pdo[-_]sqlite|better-sqlite3)(\\+[a-z0-9_]{1,30})?"
              + ":([^\\s\"'`,;}<>|]*)");

  /** A path, a drive, or what SQLite keeps in memory. */
  private static final Pattern LOCATION =
      Pattern.compile("(?i)(?:[/\\\\~%$]|\\.{1,2}[/\\\\]|:memory:|[a-z]:[/\\\\]|file:).*");

  private static final Pattern NUMBER = Pattern.compile("v?[0-9][0-9.]*(?:[/-].*)?");

  @Override
  public Optional<Detection> find(NamedValue variable) {
    if (!variable.mentionsSqlite()) {
      return Optional.empty();
    }
    Matcher matcher = URL.matcher(variable.value());
    while (matcher.find()) {
      String driver = matcher.group(2) == null ? "" : matcher.group(2).toLowerCase(Locale.ROOT);
      String location = matcher.group(3);
      boolean jdbc = matcher.group().regionMatches(true, 0, "jdbc:", 0, 5);
      if (driver.equals("+libsql")) {
        // With a host it is a server; without one the dialect keeps a local file.
        if (location.startsWith("///")) {
          return Optional.of(
              Detection.seen(matcher.group()).ambiguous(SqliteDetector.EMBEDDED_REPLICA));
        }
      } else if (jdbc || isLocation(location, variable)) {
        return Optional.of(Detection.seen(matcher.group()));
      }
    }
    return Optional.empty();
  }

  private static boolean isLocation(String location, NamedValue variable) {
    return LOCATION.matcher(location).matches()
        || FileSpelling.isSqliteFile(location)
        || FileSpelling.isDatabaseFile(location)
        || (!location.isEmpty()
            && !NUMBER.matcher(location).matches()
            && variable.namesDatabase()
            && !variable.namesPart());
  }
}
