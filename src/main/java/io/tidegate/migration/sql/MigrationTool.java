package io.tidegate.migration.sql;

import io.tidegate.target.Changelog.Format;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tools whose folders are gone on with by their own rules: how each names its files, what its
 * marks in them mean, and in which table it keeps what it applied.
 */
enum MigrationTool {
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
      "\\s*--\\s*migrate:((up|down)(\\s.*)?)"),
  /** See <a href="https://pressly.github.io/goose/documentation/annotations/">annotations</a>. */
  GOOSE(
      "goose",
      OtherTool.GOOSE,
      "goose_db_version",
      "id, version_id, is_applied, tstamp",
      "(\\d+)_.*\\.sql",
      "\\s*--.*\\+goose\\b(.*)"),
  /** See <a href="https://github.com/rubenv/sql-migrate#writing-migrations">its file format</a>. */
  SQL_MIGRATE(
      "sql-migrate",
      OtherTool.SQL_MIGRATE,
      "gorp_migrations",
      "id, applied_at",
      "(.+\\.sql)",
      "-- \\+migrate\\b(.*)");

  private static final Pattern DOWN_FILE = Pattern.compile("\\d+_.*\\.down\\.sql");
  private static final Pattern NUMBER = Pattern.compile("(\\d+).*");

  private final String title;
  private final OtherTool marks;
  private final String table;
  private final String columns;
  private final Pattern file;
  private final @Nullable Pattern mark;

  MigrationTool(
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
  static @Nullable MigrationTool of(Format format) {
    return switch (format) {
      case AUTO -> null;
      case GOLANG_MIGRATE -> GOLANG_MIGRATE;
      case DBMATE -> DBMATE;
      case GOOSE -> GOOSE;
      case SQL_MIGRATE -> SQL_MIGRATE;
    };
  }

  /** The names of all, for people. */
  static String titles() {
    return Arrays.stream(values()).map(MigrationTool::title).collect(Collectors.joining(", "));
  }

  /** Its name, for people; the author of its changesets. */
  String title() {
    return title;
  }

  /** The name of its history, in lower case. */
  String table() {
    return table;
  }

  /** The columns of its history, in lower case and with commas between. */
  String columns() {
    return columns;
  }

  /** What the history calls a migration of that file name; empty if the tool passes it over. */
  Optional<String> version(String name) {
    Matcher matcher = file.matcher(name);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Whether a file of that name belongs to the tool and only leads back. */
  boolean leadsBack(String name) {
    return this == GOLANG_MIGRATE && DOWN_FILE.matcher(name).matches();
  }

  /** Whether that mark, found in a file, is one of its own. */
  boolean owns(@Nullable OtherTool found) {
    return marks == found;
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
      case SQL_MIGRATE -> MigrationTool::byNumberThenName;
    };
  }

  /** As sql-migrate does: by the numbers that both begin with, else letter by letter. */
  private static int byNumberThenName(ToolFolder.ToolFile a, ToolFolder.ToolFile b) {
    Matcher left = NUMBER.matcher(a.name());
    Matcher right = NUMBER.matcher(b.name());
    int order =
        left.matches() && right.matches()
            ? FolderContent.NumericOrder.compare(left.group(1), right.group(1))
            : 0;
    return order == 0 ? a.name().compareTo(b.name()) : order;
  }

  /** What a line says to the tool, in lower case with single blanks; null: it is SQL. */
  @Nullable String command(String line) {
    if (mark == null) {
      return null;
    }
    Matcher matcher = mark.matcher(line.stripTrailing());
    return matcher.matches()
        ? matcher.group(1).strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT)
        : null;
  }
}
