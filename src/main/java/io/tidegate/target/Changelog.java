package io.tidegate.target;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a target's changelog is, how it is read, and what of it applies here.
 *
 * @param path a changelog file, or a directory of SQL or command files
 * @param contexts Liquibase contexts, comma separated; empty: all
 * @param labels a Liquibase label expression; empty: all
 * @param encoding of files without a byte order mark; null: UTF-8
 * @param ignoredHistories tables in which other tools keep what they applied, beside which this
 *     changelog is to be applied all the same
 * @param root the folder from which the paths in a changelog file lead; null: it is found out
 * @param format whose form the files have, and by whose rules they run
 * @param liquibase where Liquibase's history and lock are
 * @param destructive what happens where pending statements destroy data
 * @param galeraNode the one node of a Galera cluster through which all migrations go; null: none is
 *     named
 * @param placeholders how placeholders are replaced where the folder is Flyway's
 */
public record Changelog(
    Path path,
    String contexts,
    String labels,
    @Nullable Charset encoding,
    Set<String> ignoredHistories,
    @Nullable Path root,
    Format format,
    LiquibaseTables liquibase,
    Destructive destructive,
    @Nullable String galeraNode,
    FlywayPlaceholders placeholders) {

  /** Copies the set. */
  public Changelog {
    ignoredHistories = Set.copyOf(ignoredHistories);
  }

  /** One whose destructive statements are reported and run. */
  public Changelog(
      Path path,
      String contexts,
      String labels,
      @Nullable Charset encoding,
      Set<String> ignoredHistories,
      @Nullable Path root,
      Format format,
      LiquibaseTables liquibase) {
    this(
        path,
        contexts,
        labels,
        encoding,
        ignoredHistories,
        root,
        format,
        liquibase,
        Destructive.DEFAULT,
        null,
        FlywayPlaceholders.NONE);
  }

  /** One whose history has Liquibase's usual names. */
  public Changelog(
      Path path,
      String contexts,
      String labels,
      @Nullable Charset encoding,
      Set<String> ignoredHistories,
      @Nullable Path root,
      Format format) {
    this(path, contexts, labels, encoding, ignoredHistories, root, format, LiquibaseTables.DEFAULT);
  }

  /** The same in another format. */
  public Changelog as(Format other) {
    return new Changelog(
        path,
        contexts,
        labels,
        encoding,
        ignoredHistories,
        root,
        other,
        liquibase,
        destructive,
        galeraNode,
        placeholders);
  }

  /** One in UTF-8, for a database that no other tool has migrated. */
  public Changelog(Path path, String contexts, String labels) {
    this(path, contexts, labels, null, Set.of(), null, Format.PLAIN);
  }

  /**
   * What happens where pending statements destroy data.
   *
   * @param policy what happens
   * @param accepted changesets that are run all the same, each by its name, {@code @}, and a digest of
   *     its text
   */
  public record Destructive(Policy policy, Set<String> accepted) {
    /** What holds where nothing is declared. */
    public static final Destructive DEFAULT = new Destructive(Policy.ALLOW, Set.of());

    /** Copies the set. */
    public Destructive {
      accepted = Set.copyOf(accepted);
    }

    /** What happens. */
    public enum Policy {
      /** They are reported as warnings, and run. */
      ALLOW,
      /** They run only where a backup of the target is recent enough. */
      NEEDS_BACKUP,
      /** Nothing runs. */
      REFUSE
    }
  }

  /** Whose form the files of a changelog have. */
  public enum Format {
    /** Liquibase's, plain SQL or command files, as their names and first lines say. */
    PLAIN,
    /** Of these, only a folder of SQL files, or one such file. */
    SQL,
    /** Of these, only a changelog file of Liquibase. */
    LIQUIBASE,
    /** One of the others, as the names and marks of all files in the folder say. */
    AUTO,
    /** A folder of <a href="https://github.com/golang-migrate/migrate">golang-migrate</a>. */
    GOLANG_MIGRATE,
    /** A folder of <a href="https://github.com/amacneil/dbmate">dbmate</a>. */
    DBMATE,
    /** A folder of <a href="https://pressly.github.io/goose/">goose</a>. */
    GOOSE,
    /** A folder of <a href="https://github.com/rubenv/sql-migrate">sql-migrate</a>. */
    SQL_MIGRATE,
    /** A folder of <a href="https://github.com/flyway/flyway">Flyway</a>. */
    FLYWAY;

    /** Whether it names another tool than Liquibase. */
    public boolean namesTool() {
      return this != PLAIN && this != SQL && this != LIQUIBASE && this != AUTO;
    }
  }
}
