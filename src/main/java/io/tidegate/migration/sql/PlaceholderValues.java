package io.tidegate.migration.sql;

import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.target.FlywayPlaceholders;
import java.io.Reader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands for each placeholder in the files of a Flyway folder: what is declared, and what Flyway
 * itself gives. The latter is the same for a whole run, whatever a migration does to its session.
 */
final class PlaceholderValues {
  private static final String OWN = "flyway:";
  private static final String FILENAME = OWN + "filename";

  /** Flyway's name for it where none is chosen, by a setting that is its own. */
  private static final String ENVIRONMENT = "flyway-environment";

  /** What a server says; its values are only known when one is connected to. */
  private static final Map<String, String> OF_SERVER =
      Map.of(OWN + "defaultschema", "", OWN + "user", "", OWN + "database", "");

  private final FlywayPlaceholders declared;
  private final Map<String, String> own = new HashMap<>();

  /** How a placeholder is spelled first, by its key in the settings. */
  private final Map<String, String> spellings = new HashMap<>();

  private PlaceholderValues(FlywayPlaceholders declared, Map<String, String> ofServer) {
    this.declared = declared;
    own.putAll(ofServer);
    own.put(OWN + "table", SupportedTool.FLYWAY.table());
    own.put(
        OWN + "timestamp",
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
            .format(LocalDateTime.now(ZoneId.systemDefault())));
  }

  /** Those that tell whether all have a value, before a server is connected to. */
  static PlaceholderValues unconnected(FlywayPlaceholders declared) {
    return new PlaceholderValues(declared, OF_SERVER);
  }

  /** Those in a session, asked for before the first file runs. */
  static PlaceholderValues in(SqlSession session, String engine, FlywayPlaceholders declared)
      throws SQLException {
    Map<String, String> ofServer = new HashMap<>();
    try (Statement statement = session.connection().createStatement();
        ResultSet row =
            statement.executeQuery("SELECT " + new FlywayTable(engine).placeholders())) {
      row.next();
      put(ofServer, "user", row.getString(1));
      put(ofServer, "defaultschema", row.getString(2));
      put(ofServer, "database", row.getString(3));
    }
    return new PlaceholderValues(declared, ofServer);
  }

  private static void put(Map<String, String> values, String name, @Nullable String value) {
    if (value != null) {
      values.put(OWN + name, value);
    }
  }

  /**
   * A file's text with all placeholders replaced, in comments too.
   *
   * @param file its path, of which the last part is its name
   */
  Reader replaced(Reader text, String file) {
    return declared.replaced()
        ? new PlaceholderReader(
            text,
            declared.prefix(),
            declared.suffix(),
            (name, line) -> value(name, line, file.substring(file.lastIndexOf('/') + 1)))
        : text;
  }

  private String value(String name, int line, String file) {
    String lower = name.toLowerCase(Locale.ROOT);
    String key = FlywayPlaceholders.key(name);
    String value = lower.equals(FILENAME) ? file : own.get(lower);
    if (value != null) {
      return value;
    }
    String written = declared.prefix() + name + declared.suffix();
    String other = spellings.putIfAbsent(key, lower);
    if (other != null && !other.equals(lower)) {
      throw new ScriptException(
          line,
          "%s and the placeholder %s are two to Flyway, and have one key here"
              .formatted(written, other),
          "Rename one of them");
    }
    value = declared.values().get(key);
    if (value == null && key.equals(ENVIRONMENT)) {
      return "default";
    }
    if (value == null) {
      throw new ScriptException(
          line,
          "the placeholder %s has no value".formatted(written),
          "Set tidegate.targets.<name>.flyway.placeholders.%s to the value that it has with Flyway"
              .formatted(key));
    }
    return value;
  }
}
