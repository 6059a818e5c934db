package io.tidegate.policy.sqlite;

import io.tidegate.policy.sqlite.SqliteDetector.Detection;
import io.tidegate.policy.sqlite.SqliteDetector.Spelling;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SQLite by its name as a choice of driver: Laravel ({@code DB_CONNECTION=sqlite}), n8n ({@code
 * DB_TYPE=sqlite}), Ghost, Strapi, Grafana, Gitea; Django's and Hibernate's class names; and the same
 * inside a JSON, YAML or ODBC text.
 *
 * @see <a href="https://laravel.com/docs/database#sqlite-configuration">Laravel</a>
 * @see <a href="https://docs.n8n.io/hosting/configuration/environment-variables/database/">n8n</a>
 * @see <a href="https://docs.djangoproject.com/en/stable/ref/settings/#engine">Django</a>
 * @see <a href="https://knexjs.org/guide/#configuration-options">knex</a>
 * @see <a href="https://typeorm.io/docs/data-source/data-source-options">TypeORM</a>
 */
final class WordSpelling implements Spelling {
  private static final Set<String> WORDS =
      Set.of(
          "sqlite",
          "sqlite3",
          "better-sqlite3",
          "better-sqlite",
          "sqlite-pooled",
          "node-sqlite",
          "sqljs",
          "aiosqlite",
          "spatialite",
          "pdo_sqlite",
          "pdo-sqlite",
          "jdbcsqlite3",
          "microsoft.data.sqlite",
          "system.data.sqlite",
          "system.data.sqlite.ef6",
          "microsoft.entityframeworkcore.sqlite");

  /** With these a word is a choice even where the name says nothing of a database. */
  private static final Set<String> CHOICE = Set.of("TYPE", "KIND", "MODE", "VENDOR");

  private static final Pattern CLASS =
      Pattern.compile(
          "django\\.db\\.backends\\.sqlite3|django\\.contrib\\.gis\\.db\\.backends\\.spatialite"
              + "|org\\.sqlite\\.JDBC|[A-Za-z0-9_.]{0,80}\\bSQLiteDialect\\b");
  private static final Pattern ODBC =
      Pattern.compile("(?i)driver\\s{0,3}=\\s{0,3}\\{?sqlite3? odbc[^;]{0,40}");
  private static final Pattern PAIR =
      Pattern.compile(
          "(?i)(?:^|[\\s,{(;&?._\\[-])[\"']?(?:client|type|dialect|engine|adapter|driver|provider"
              + "|connector|connection|backend|conn_type|db-?_?type|db-?_?kind|database)[\"']?\\s{0,8}(?:=>|[:=])"
              + "\\s{0,8}[\"']?(?:better-sqlite3|sqlite3?|sqljs|spatialite)[\"']?(?=$|[\\s,;})&\\]])");

  @Override
  public Optional<Detection> find(NamedValue variable) {
    String value = variable.value();
    if (!variable.mentionsSqlite()) {
      return Optional.empty();
    }
    if (WORDS.contains(variable.lowerCaseValue())) {
      return isChoice(variable) ? Optional.of(Detection.seen(value)) : Optional.empty();
    }
    for (Pattern pattern : new Pattern[] {CLASS, ODBC, PAIR}) {
      Matcher matcher = pattern.matcher(value);
      if (matcher.find()) {
        return Optional.of(Detection.seen(matcher.group().replaceAll("^[\\s,{(;&?._\\[-]", "")));
      }
    }
    return Optional.empty();
  }

  private static boolean isChoice(NamedValue variable) {
    boolean choice = variable.namesDatabase() || variable.has(CHOICE);
    // Laravel's DB_DATABASE is the name of a database or the path of a file, never a driver.
    boolean database = variable.words().equals(List.of("DB", "DATABASE"));
    return choice && !variable.namesPart() && !database;
  }
}
