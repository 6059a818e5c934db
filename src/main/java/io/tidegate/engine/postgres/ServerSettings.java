package io.tidegate.engine.postgres;

import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.StatementText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings that an administrator gave a role or a database, as they are at this moment. The
 * driver sets {@code TimeZone} and {@code DateStyle} when it connects, which outweighs those: then
 * the same statement would write other values than {@code psql} does.
 *
 * @see <a href="https://www.postgresql.org/docs/18/catalog-pg-db-role-setting.html">pg_db_role_setting</a>
 */
final class ServerSettings {
  /** Of those for one setting the first counts: of the role in the database, the role, the database. */
  private static final String QUERY =
      "SELECT p.name, s.value FROM (SELECT DISTINCT ON (lower(split_part(c, '=', 1)))"
          + " split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value"
          + " FROM pg_db_role_setting d, unnest(d.setconfig) c"
          + " WHERE d.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"
          + " AND d.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = session_user))"
          + " ORDER BY lower(split_part(c, '=', 1)), d.setrole <> 0 DESC, d.setdatabase <> 0 DESC) s"
          + " JOIN pg_settings p ON lower(p.name) = lower(s.name)"
          // What the URL sets outweighs them, but not what the driver sets without being asked.
          + " WHERE p.context = 'user' AND (p.source <> 'client'"
          + " OR p.name IN ('TimeZone', 'DateStyle', 'extra_float_digits'))"
          + " AND p.name <> 'client_encoding'";

  private static final Pattern ORDER =
      Pattern.compile("\\b(dmy|mdy|ymd|european|euro|us|noneuro|noneuropean)\\b");

  /** A statement that sets a form other than ISO. */
  private static final Pattern OTHER_FORM =
      Pattern.compile(
          "set\\s+(session\\s+|local\\s+)?\"?datestyle\"?\\s*(=|\\bto\\b)[^;]*?\\b(sql|postgres|german)\\b",
          Pattern.CASE_INSENSITIVE);

  /** A setting of the client's encoding. */
  private static final Pattern ENCODING =
      Pattern.compile(
          "set\\s+(?:(?:session|local)\\s+)?(?:client_encoding\\s*(?:=|\\bto\\b)|names\\s)\\s*"
              + "['\"]?(?<set>\\w[\\w-]*)"
              + "|select\\s+(?:pg_catalog\\s*\\.\\s*)?set_config\\s*\\(\\s*'client_encoding'\\s*,"
              + "\\s*'(?<config>[^']*)'",
          Pattern.CASE_INSENSITIVE);

  private static final String MAY_READ_FILES =
      "SELECT coalesce(has_function_privilege(to_regprocedure('pg_read_file(text)'), 'EXECUTE')"
          + " AND has_function_privilege(to_regprocedure('pg_show_all_file_settings()'), 'EXECUTE'),"
          + " false)::text::char(1)";

  private static final Pattern TIME_ZONE_OPTION =
      Pattern.compile("(?:-c\"?\\s*\"?|--)timezone=([^\"\\s]+)", Pattern.CASE_INSENSITIVE);

  /** Is another text as soon as such a setting changes. Far cheaper than to look at what they mean. */
  private static final String STATE =
      "SELECT coalesce(string_agg(d::text, ' ' ORDER BY setdatabase, setrole), '')"
          + " FROM pg_db_role_setting d";

  private final Connection connection;
  private final Optional<String> declared;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private @Nullable String state;

  /** The time zone of the server's own configuration; empty: it cannot be read; null: not asked yet. */
  private @Nullable String configured;

  /**
   * Asks nothing yet.
   *
   * @param declared the time zone that the URL asks for, which outweighs all others
   */
  ServerSettings(Connection connection, Optional<String> declared) {
    this.connection = connection;
    this.declared = declared;
  }

  /** Gives the session the settings that one of {@code psql} would begin with now. */
  void apply() throws SQLException {
    String now = single(STATE).orElse("");
    if (!now.equals(state)) {
      settings.clear();
      if (!now.isEmpty()) {
        read();
      }
      state = now;
      zone();
    }
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      try (PreparedStatement set = connection.prepareStatement("SELECT set_config(?, ?, false)")) {
        set.setString(1, setting.getKey());
        set.setString(2, setting.getValue());
        set.execute();
      }
    }
  }

  private void read() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUERY)) {
      while (row.next()) {
        String name = row.getString(1);
        String value = row.getString(2);
        settings.put(name, name.equals("DateStyle") ? iso(value) : value);
      }
    }
  }

  /** Where neither the role nor the database has one, the time zone is the server's own. */
  private void zone() throws SQLException {
    declared.ifPresent(zone -> settings.put("TimeZone", zone));
    if (!settings.containsKey("TimeZone")) {
      String zone = configured == null ? configuredTimeZone().orElse("") : configured;
      configured = zone;
      if (!zone.isEmpty()) {
        settings.put("TimeZone", zone);
      }
    }
  }

  /**
   * The server's own: of its command line, or of its files. The server shows that to superusers and
   * whoever was granted it; for others it stays what the driver made it.
   */
  private Optional<String> configuredTimeZone() throws SQLException {
    if (single(MAY_READ_FILES).filter("t"::equals).isEmpty()) {
      return Optional.empty();
    }
    Matcher option =
        TIME_ZONE_OPTION.matcher(single("SELECT pg_read_file('postmaster.opts')").orElse(""));
    String last = null;
    while (option.find()) {
      last = option.group(1);
    }
    return last != null
        ? Optional.of(last)
        : single(
            "SELECT setting FROM pg_file_settings WHERE lower(name) = 'timezone' AND error IS NULL"
                + " ORDER BY seqno DESC LIMIT 1");
  }

  private Optional<String> single(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
    }
  }

  /**
   * The same order of day, month and year, which decides what a date means. The driver ends a
   * connection that writes dates in another form than ISO's.
   */
  static String iso(String dateStyle) {
    String words = dateStyle.toLowerCase(Locale.ROOT);
    Matcher order = ORDER.matcher(words);
    if (!order.find()) {
      return words.contains("german") ? "ISO, DMY" : "ISO";
    }
    return "ISO, " + order.group();
  }

  /**
   * Refuses a statement after which the driver would end the connection.
   *
   * @param line where it stands in its file, from 1; 0: it stands in no plain file
   * @throws ScriptException if it is such a one
   */
  static void check(String statement, int line) {
    String bare = StatementText.bare(statement);
    Matcher form = OTHER_FORM.matcher(bare);
    if (form.lookingAt()) {
      throw new ScriptException(
          line,
          "the driver reads dates in the form of ISO only: " + form.group().strip(),
          "Keep the order of day and month alone: SET datestyle = 'ISO, DMY'; and write dates in"
              + " another form by to_char()");
    }
    Matcher encoding = ENCODING.matcher(bare);
    if (encoding.lookingAt() && !isUtf8(encoding)) {
      throw new ScriptException(
          line,
          "statements are sent in UTF8 only: " + encoding.group().strip(),
          "Convert the file to UTF-8 and leave this out; a dump is taken so by pg_dump -E UTF8");
    }
  }

  /** The driver does not take the name {@code UNICODE}, which the server does. */
  private static boolean isUtf8(Matcher encoding) {
    String value = encoding.group("set") == null ? encoding.group("config") : encoding.group("set");
    String letters = value.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
    return Set.of("UTF8", "DEFAULT").contains(letters);
  }
}
