package io.tidegate.policy.sqlite;

import io.tidegate.policy.sqlite.SqliteDetector.Detection;
import io.tidegate.policy.sqlite.SqliteDetector.Spelling;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A connection string of .NET: {@code Data Source=app.db}. SQL Server, Oracle and Firebird have a
 * {@code Data Source} too, but then it is no file, or a server's own keywords stand beside it.
 *
 * @see <a href="https://learn.microsoft.com/dotnet/standard/data/sqlite/connection-strings">
 *     Microsoft.Data.Sqlite</a>
 * @see <a href="https://www.connectionstrings.com/sqlite/">System.Data.SQLite</a>
 */
final class AdoSpelling implements Spelling {
  private static final Set<String> SOURCE = Set.of("datasource", "filename", "fulluri", "uri");

  private static final Set<String> OF_SERVERS =
      Set.of(
          "initialcatalog",
          "integratedsecurity",
          "trustedconnection",
          "userid",
          "uid",
          "user",
          "server",
          "provider",
          "encrypt",
          "trustservercertificate",
          "attachdbfilename",
          "multipleactiveresultsets",
          "persistsecurityinfo",
          "applicationintent",
          "database",
          "port");

  private static final Set<String> OF_SQLITE =
      Set.of(
          "version=3",
          "mode=memory",
          "mode=readwritecreate",
          "mode=readwrite",
          "mode=readonly",
          "cache=shared",
          "cache=private",
          "foreignkeys=true",
          "journalmode=wal",
          "new=true",
          "failifmissing=true",
          "binaryguid=true");

  @Override
  public Optional<Detection> find(NamedValue variable) {
    if (variable.value().indexOf('=') < 0) {
      return Optional.empty();
    }
    Map<String, String> pairs = pairs(variable.value());
    String source =
        pairs.entrySet().stream()
            .filter(pair -> SOURCE.contains(pair.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("");
    if (source.isEmpty() || pairs.keySet().stream().anyMatch(OF_SERVERS::contains)) {
      return Optional.empty();
    }
    return isFile(source) || saysSqlite(pairs)
        ? Optional.of(Detection.seen("Data Source=" + source, ";" + variable.value()))
        : Optional.empty();
  }

  private static boolean isFile(String source) {
    return source.equalsIgnoreCase(":memory:")
        || source.regionMatches(true, 0, "file:", 0, 5)
        || FileSpelling.isSqliteFile(source.replace(' ', '_'))
        || FileSpelling.isDatabaseFile(source.replace(' ', '_'));
  }

  private static boolean saysSqlite(Map<String, String> pairs) {
    return pairs.entrySet().stream()
        .map(pair -> pair.getKey() + "=" + pair.getValue().toLowerCase(Locale.ROOT))
        .anyMatch(OF_SQLITE::contains);
  }

  /** Keywords without blanks and in lower case, since {@code DataSource} is {@code Data Source}. */
  private static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String part : text.split(";", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        String key = part.substring(0, equals).replaceAll("[\\s_]", "").toLowerCase(Locale.ROOT);
        String value = part.substring(equals + 1).strip().replaceAll("^[\"']|[\"']$", "");
        pairs.putIfAbsent(key, value);
      }
    }
    return pairs;
  }
}
