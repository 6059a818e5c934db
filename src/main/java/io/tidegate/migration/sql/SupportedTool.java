package io.tidegate.migration.sql;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Changelog.Format;
import java.nio.file.Path;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tools whose folders are gone on with by their own rules: how each names its files, what its
 * marks in them mean, and in which table it keeps what it applied.
 */
enum SupportedTool {
  /** See <a href="https://github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md">names</a>. */
  GOLANG_MIGRATE(
      "golang-migrate",
      OtherTool.PAIRS,
      "schema_migrations",
      "version, dirty",
      "(\\d+)_.*\\.up\\.sql",
      null),
  /** See <a href="https://github.com/amacneil/dbmate#creating-migrations">its file format</a>. */
  DBMATE(
      "dbmate",
      OtherTool.DBMATE,
      "schema_migrations",
      "version",
      "(\\d+).*\\.sql",
      "--\\s*migrate:(up|down)(\\s.*)?"),
  /** See <a href="https://pressly.github.io/goose/documentation/annotations/">annotations</a>. */
  GOOSE(
      "goose",
      OtherTool.GOOSE,
      "goose_db_version",
      "id, version_id, is_applied, tstamp",
      "(\\d+)_.*\\.sql",
      "\\s*--.*\\+goose.*"),
  /** See <a href="https://github.com/rubenv/sql-migrate#writing-migrations">its file format</a>. */
  SQL_MIGRATE(
      "sql-migrate",
      OtherTool.SQL_MIGRATE,
      "gorp_migrations",
      "id, applied_at",
      "(.+\\.sql)",
      "-- \\+migrate .*"),
  /** See {@link FlywayFile}. */
  FLYWAY(
      "Flyway",
      OtherTool.FLYWAY,
      "flyway_schema_history",
      "installed_rank, version, description, type, script, checksum, installed_by, installed_on,"
          + " execution_time, success",
      ".*",
      null);

  private static final Pattern DOWN_FILE = Pattern.compile("\\d+_.*\\.down\\.sql");
  private static final Pattern GOLANG_FILE = Pattern.compile("\\d+_.*\\.(down|up)\\..*");
  private static final Pattern NUMBER = Pattern.compile("(\\d+).*");

  private final String title;
  private final OtherTool marks;
  private final String table;
  private final String columns;
  private final Pattern file;
  private final @Nullable Pattern mark;

  SupportedTool(
      String title,
      OtherTool marks,
      String table,
      String columns,
      String file,
      @Nullable String mark) {
    this.title = title;
    this.marks = marks;
    this.table = table;
    this.columns = columns;
    this.file = Pattern.compile(file);
    this.mark = mark == null ? null : Pattern.compile(mark);
  }

  /** The tool of that format; null: Liquibase reads it, or it is plain SQL. */
  static @Nullable SupportedTool of(Format format) {
    return switch (format) {
      case PLAIN, SQL, LIQUIBASE, AUTO -> null;
      case GOLANG_MIGRATE -> GOLANG_MIGRATE;
      case DBMATE -> DBMATE;
      case GOOSE -> GOOSE;
      case SQL_MIGRATE -> SQL_MIGRATE;
      case FLYWAY -> FLYWAY;
    };
  }

  /** The names of all, for people. */
  static String titles() {
    return Arrays.stream(values()).map(SupportedTool::title).collect(Collectors.joining(", "));
  }

  /** Its name, for people; the author of its changesets. */
  String title() {
    return title;
  }

  /** The name of its history, in lower case. */
  String table() {
    return table;
  }

  /** Refuses a table that is called as its history is and has other columns. */
  void refuseOtherColumns(ResultSetMetaData data, String table, Path folder) throws SQLException {
    Set<String> found = new TreeSet<>();
    for (int i = 1; i <= data.getColumnCount(); i++) {
      found.add(data.getColumnName(i).toLowerCase(Locale.ROOT));
    }
    if (!found.equals(Set.of(columns.split(", ")))) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "the table %s is not a history of %s: it has the columns %s"
                  .formatted(table, title, String.join(", ", found)),
              "%s, folder %s".formatted(table, folder),
              "Name the tool that has migrated this database as the target's format"));
    }
  }

  /** What the history calls a migration of that file name; empty if the tool passes it over. */
  Optional<String> version(String name) {
    if (this == FLYWAY) {
      return FlywayFile.of(name).map(FlywayFile::id);
    }
    Matcher matcher = file.matcher(name);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Whether a file of that name belongs to the tool and only leads back. */
  boolean leadsBack(String name) {
    return switch (this) {
      case GOLANG_MIGRATE -> DOWN_FILE.matcher(name).matches();
      case FLYWAY -> FlywayFile.leadsBack(name);
      case DBMATE, GOOSE, SQL_MIGRATE -> false;
    };
  }

  /** Whether the tool would run an entry of that name, or fail because of it, although it is no migration here. */
  boolean stumblesOver(String name) {
    return switch (this) {
      case GOLANG_MIGRATE -> GOLANG_FILE.matcher(name).matches() && !leadsBack(name);
      case GOOSE -> name.toLowerCase(Locale.ROOT).endsWith(".sql");
      case FLYWAY -> FlywayFile.isAlmost(name);
      case DBMATE, SQL_MIGRATE -> false;
    };
  }

  /** Whether the history calls a migration by a number, so that zeros before it do not count. */
  boolean hasNumbers() {
    return this == GOLANG_MIGRATE || this == GOOSE;
  }

  /** A version as the history spells it; for Flyway, which takes 1 and 01.0 for one, the same for both. */
  String spelled(String version) {
    if (this == FLYWAY) {
      return FlywayFile.key(version);
    }
    return hasNumbers() ? version.replaceFirst("^0+(?=\\d)", "") : version;
  }

  /** Whether that mark, found in a file, is one of its own. */
  boolean owns(@Nullable OtherTool found) {
    return marks == found;
  }

  /** Whether it takes what is in subfolders too. */
  boolean searchesSubfolders() {
    return this == FLYWAY;
  }

  /** Whether a file has sections, of which only the one that leads forward runs. */
  boolean hasSections() {
    return mark != null;
  }

  /** Whether it reads a file by lines and ends each with a line feed alone. */
  boolean dropsCarriageReturns() {
    return this == GOOSE || this == SQL_MIGRATE;
  }

  /** The order in which it applies its files. */
  Comparator<ToolFolder.ToolFile> order() {
    return switch (this) {
      case GOLANG_MIGRATE, GOOSE ->
          Comparator.comparing(ToolFolder.ToolFile::version, FolderContent.NumericOrder::compare);
      case DBMATE -> Comparator.comparing(ToolFolder.ToolFile::name);
      case SQL_MIGRATE -> SupportedTool::byNumberThenName;
      case FLYWAY -> (a, b) -> FlywayFile.compare(a.version(), b.version());
    };
  }

  /** As sql-migrate does: those with a number first, by that, the others letter by letter. */
  private static int byNumberThenName(ToolFolder.ToolFile a, ToolFolder.ToolFile b) {
    Matcher left = NUMBER.matcher(a.name());
    Matcher right = NUMBER.matcher(b.name());
    if (left.matches() != right.matches()) {
      return left.matches() ? -1 : 1;
    }
    int order =
        left.matches() ? FolderContent.NumericOrder.compare(left.group(1), right.group(1)) : 0;
    return order == 0 ? a.name().compareTo(b.name()) : order;
  }

  /** What a line tells the tool; null: it is SQL. */
  @Nullable Mark mark(String line) {
    String text = line.stripTrailing();
    if (mark == null || !mark.matcher(text).matches()) {
      return null;
    }
    return switch (this) {
      case GOLANG_MIGRATE, FLYWAY -> null;
      case DBMATE -> dbmate(text.substring(text.indexOf(':') + 1).strip());
      case GOOSE -> goose(text);
      case SQL_MIGRATE -> sqlMigrate(text.substring("-- +migrate ".length()).strip());
    };
  }

  private static Mark dbmate(String command) {
    return switch (command.replaceAll("\\s+", " ")) {
      case "up", "up transaction:true" -> Mark.UP;
      case "up transaction:false" -> Mark.UP_WITHOUT_TRANSACTION;
      default -> command.startsWith("down") ? Mark.DOWN : Mark.UNKNOWN;
    };
  }

  /** In any case, but not behind blanks. */
  private static Mark goose(String line) {
    String command = line.replace("--", "").replaceFirst("\\+goose", "").strip();
    if (Character.isWhitespace(line.charAt(0))) {
      return Mark.UNKNOWN;
    }
    return switch (command.toLowerCase(Locale.ROOT)) {
      case "up" -> Mark.UP;
      case "down" -> Mark.DOWN;
      case "no transaction" -> Mark.NO_TRANSACTION;
      case "statementbegin", "statementend" -> Mark.STATEMENT;
      default -> Mark.UNKNOWN;
    };
  }

  /** A word in another case means nothing to it, so that what was meant would not happen. */
  private static Mark sqlMigrate(String command) {
    return switch (command.replaceAll("\\s+", " ")) {
      case "Up" -> Mark.UP;
      case "Up notransaction" -> Mark.UP_WITHOUT_TRANSACTION;
      case "Down", "Down notransaction" -> Mark.DOWN;
      case "StatementBegin", "StatementEnd" -> Mark.STATEMENT;
      default -> Mark.UNKNOWN;
    };
  }

  /** What a line in a file tells a tool. */
  enum Mark {
    /** What leads forward begins, as one transaction. */
    UP,
    /** The same, but not as one transaction. */
    UP_WITHOUT_TRANSACTION,
    /** The file is not one transaction. */
    NO_TRANSACTION,
    /** What leads back begins. */
    DOWN,
    /** Where a statement begins or ends, which the server says. */
    STATEMENT,
    /** What the tool refuses, or passes over, or what cannot be done here. */
    UNKNOWN
  }
}
