package io.tidegate.migration.sql;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tools whose migrations look like plain SQL files and are not: each is known by a line that it
 * gives a meaning to, or by its way of naming files. Such files are refused, but those of a {@link
 * SupportedTool} that the target's format names. The patterns are matched in any case.
 */
enum OtherTool {
  /** See <a href="https://pressly.github.io/goose/documentation/annotations/">annotations</a>. */
  GOOSE("goose", "--\\s*\\+goose\\b.*", null),
  /** See <a href="https://github.com/rubenv/sql-migrate#writing-migrations">its file format</a>. */
  SQL_MIGRATE("sql-migrate", "--\\s*\\+migrate\\b.*", null),
  MICRATE("micrate", "--\\s*\\+micrate\\b.*", null),
  /** See <a href="https://github.com/amacneil/dbmate#creating-migrations">its file format</a>. */
  DBMATE("dbmate", "--\\s*migrate:(up|down)\\b.*", null),
  RAMBLER("rambler", "--\\s*rambler\\s+(up|down)\\b.*", null),
  /** See <a href="https://mybatis.org/migrations/migrate.html">its scripts</a>. */
  MYBATIS("MyBatis Migrations", "--\\s*(//)?\\s*@(undo|delimiter)\\b.*", null),
  /** See <a href="https://github.com/jackc/tern#migrations">its file format</a>. */
  TERN("tern", "-{2,}\\s*create above\\s*/\\s*drop below\\b.*", null),
  /** See <a href="https://www.playframework.com/documentation/latest/Evolutions">evolutions</a>. */
  PLAY("Play evolutions", "(#|--).*!(ups|downs)\\b.*", null),
  /** See <a href="https://salsita.github.io/node-pg-migrate/migrations/">its SQL files</a>. */
  NODE_PG_MIGRATE("node-pg-migrate", "--[\\s-]*(up|down)\\s+migration\\b.*", null),
  /** See <a href="https://sqitch.org/docs/manual/sqitch-add/">its templates</a>. */
  SQITCH(
      "Sqitch",
      "--\\s*(deploy|revert|verify)\\s+\\S+\\s+(to|from|on)\\s+"
          + "(pg|mysql|sqlite|oracle|cockroach|snowflake|firebird|vertica|exasol)\\b.*",
      null),
  /** See <a href="https://atlasgo.io/versioned/apply#pre-migration-checks">its directives</a>. */
  ATLAS("Atlas", "--\\s*atlas:(txtar|delimiter|checkpoint)\\b.*", null),
  GRAPHILE_MIGRATE("graphile-migrate", "--\\s*!\\s*include\\b.*", null),
  YOYO("yoyo", "--\\s*depends:(\\s*|\\s+\\S*[\\d_.-].*)", ".+\\.rollback\\.sql"),
  /** Its changesets without the first line that makes them such. */
  LIQUIBASE("Liquibase, without its first line", "--\\s*changeset\\s+\\S+:\\S+.*", null),
  /** See <a href="https://documentation.red-gate.com/fd/migrations-271585107.html">names</a>. */
  FLYWAY(
      "Flyway",
      null,
      "([vub]\\d[\\d._]*__.*|r__.*|(before|after)[a-z]*(migrate|clean|info|validate|baseline|repair|"
          + "undo|connect|createschema)[a-z]*(__.*)?)\\.sql"),
  /** See <a href="https://github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md">names</a>. */
  PAIRS(
      "golang-migrate, sqlx, db-migrate, Postgrator and others",
      null,
      "(?!(.*[^a-z])?(slow|shut|cool|break|count|drill|mark|lock|wind|tear|melt|crack|drop|scale|step)"
          + "[-_]down\\.sql)(.*[-_.])?(down|downgrade|undo|rollback|revert)\\.sql"
          + "|.+\\.(down|undo|rollback|revert|reverse|unapply|backout|dn)\\..*sql"
          + "|.+\\.(reverse|unapply|backout|dn)\\.sql"
          + "|(down|downgrade|undo|rollback|revert)[-_.].*\\.sql");

  private static final Pattern FLYWAY_UNDO = Pattern.compile("[uU]\\d.*");
  private static final List<OtherTool> BY_LINE =
      Arrays.stream(values()).filter(tool -> tool.line != null).toList();
  private static final List<OtherTool> BY_FILE =
      Arrays.stream(values()).filter(tool -> tool.file != null).toList();

  private final String title;
  private final @Nullable Pattern line;
  private final @Nullable Pattern file;

  OtherTool(String title, @Nullable String line, @Nullable String file) {
    this.title = title;
    this.line = compiled(line);
    this.file = compiled(file);
  }

  /** Its name, for people. */
  String title() {
    return title;
  }

  /** The tool that gives a meaning to this line, which has no space around it. */
  static Optional<OtherTool> ofLine(String line) {
    return BY_LINE.stream().filter(tool -> matches(tool.line, line)).findFirst();
  }

  /** The tool that names files so. */
  static Optional<OtherTool> ofFile(String name) {
    return BY_FILE.stream().filter(tool -> matches(tool.file, name)).findFirst();
  }

  /** The tool that names files so that undo what another one did. */
  static Optional<OtherTool> ofWayBack(String name) {
    return ofFile(name)
        .filter(tool ->
            switch (tool) {
              case PAIRS, YOYO -> true;
              case FLYWAY -> FLYWAY_UNDO.matcher(name).matches();
              default -> false;
            });
  }

  /** What running such a file as plain SQL would do. */
  String danger() {
    return switch (this) {
      case FLYWAY ->
          "Flyway orders by version, runs R__ last and U on request; plain files run by name";
      case PAIRS -> "it holds the way back, which would run too";
      case LIQUIBASE -> "what its changesets say of themselves would be passed over";
      case ATLAS -> "what it says of sections, delimiters and checkpoints would be passed over";
      case YOYO, SQITCH, GRAPHILE_MIGRATE ->
          "what it says of order, includes and the way back would be passed over";
      default -> "as plain SQL its way back would run right behind its way forward";
    };
  }

  /** What to do about it. */
  String remedy() {
    return switch (this) {
      case FLYWAY ->
          "Set the target's format to flyway, to go on where it stopped; or migrate with Flyway; or copy"
              + " the files, without those that undo, under names that sort in the order to run in, as"
              + " 001-create.sql";
      case PAIRS ->
          "If the folder is golang-migrate's, set the target's format to golang-migrate; else give one"
              + " that holds the way forward alone; if the file is no way back, rename it";
      case GOOSE, DBMATE, SQL_MIGRATE ->
          "Set the target's format to %s, to go on where it stopped; or migrate with %s itself"
              .formatted(title, title);
      case LIQUIBASE -> "Begin the file with the line --liquibase formatted sql";
      default ->
          "Migrate with "
              + title
              + "; or give a folder of plain .sql files that hold the way forward alone";
    };
  }

  private static boolean matches(@Nullable Pattern pattern, String text) {
    return pattern != null && pattern.matcher(text).matches();
  }

  private static @Nullable Pattern compiled(@Nullable String regex) {
    return regex == null ? null : Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }
}
