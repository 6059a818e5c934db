package io.tidegate.schema;

import io.tidegate.engine.network.NetworkFaults;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Redactor;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import io.tidegate.target.SchemaGate;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the history table of a tool and compares it with what is required. */
public final class HistoryGate implements SchemaGate {
  /** No such table or schema: PostgreSQL, PostgreSQL, MySQL and MariaDB. */
  private static final Set<String> NO_TABLE = Set.of("42P01", "3F000", "42S02");

  /** MySQL's number for it, which Dolt has with a state that says nothing. */
  private static final int NO_MYSQL_TABLE = 1146;

  /** The query was cancelled after its time: by PostgreSQL, by MySQL and MariaDB. */
  private static final Set<String> CANCELLED = Set.of("57014", "70100");

  private static final String NO_SQLITE_TABLE = "no such table";
  private static final int LONGEST_SENTENCE = 500;

  private final SchemaTool tool;
  private final @Nullable String declaredTable;
  private final Requirement requirement;
  private final boolean refusesAhead;

  /**
   * Takes what to compare.
   *
   * @param declaredTable the history table, perhaps with its schema; null: the tool's own name for it
   */
  HistoryGate(
      SchemaTool tool,
      @Nullable String declaredTable,
      Requirement requirement,
      boolean refusesAhead) {
    this.tool = tool;
    this.declaredTable = declaredTable;
    this.requirement = requirement;
    this.refusesAhead = refusesAhead;
  }

  /**
   * One that waits until these are applied.
   *
   * @param revisions by the tool's own names for them; of Django, {@code app.migration}
   * @param table the history table, perhaps with its schema; null: the tool's own name for it
   * @throws ProblemException with exit 78 if one can be none of that tool, or newer ones are refused
   *     and cannot be told
   */
  public static SchemaGate ofRevisions(
      SchemaTool tool, List<String> revisions, @Nullable String table, boolean refusesAhead) {
    List<String> needed = revisions.stream().map(tool::normal).toList();
    for (String revision : needed) {
      Optional<String> form = tool.otherForm(revision);
      if (revision.isEmpty() || form.isPresent()) {
        throw refusal(
            "is no %s that %s's history can hold".formatted(tool.noun(), tool.title()),
            "Write %s; several with a comma between two".formatted(form.orElse("one")));
      }
    }
    if (refusesAhead && !tool.isOrdered()) {
      throw refusal(
          "%s's names do not tell what is newer than a revision, which is to be refused"
              .formatted(tool.title()),
          tool == SchemaTool.ALEMBIC
              ? "Declare the directory in place of the revision"
              : "Take schema.ahead out");
    }
    return new HistoryGate(
        tool, table, new RequiredMigrations(tool, needed, Map.of(), false), refusesAhead);
  }

  /**
   * One that waits until all migrations of a folder are applied.
   *
   * @throws ProblemException with exit 78 if the folder cannot be read as one of that tool
   */
  public static SchemaGate ofDirectory(
      SchemaTool tool, Path directory, @Nullable String table, boolean refusesAhead) {
    return new HistoryGate(tool, table, MigrationFolder.read(tool, directory), refusesAhead);
  }

  /** What is wrong with a declaration, as the end of a sentence that its key or variable begins. */
  static ProblemException refusal(String what, String remedy) {
    return new ProblemException(new Problem(ExitCode.REFUSED, what, "schema", remedy));
  }

  /**
   * The server itself ends a query that waits for a lock: some tools lock their table while they migrate,
   * and a query whose connection is closed would go on waiting.
   */
  @Override
  public ProbeResult check(Connection connection, ProbeResult.Ready ready) throws SQLException {
    AppliedMigrations history = new AppliedMigrations();
    String query = query(connection.getMetaData().getIdentifierQuoteString());
    int seconds = Math.max(1, connection.getNetworkTimeout() / 2000);
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(seconds);
      try (ResultSet rows = statement.executeQuery(query)) {
        while (rows.next()) {
          tool.read(rows, history);
        }
      }
    } catch (SQLException e) {
      String state = e.getSQLState() == null ? "" : e.getSQLState();
      if (e instanceof SQLTimeoutException || CANCELLED.contains(state)) {
        return notYet(
            "the table %s gives no answer within %d s: it may be locked while it is migrated"
                .formatted(table(), seconds));
      }
      if (state.startsWith("08") || state.startsWith("57")) {
        throw e;
      }
      boolean missing = NO_TABLE.contains(state) || e.getErrorCode() == NO_MYSQL_TABLE;
      return unreadable(missing, NetworkFaults.firstLine(e));
    }
    String dirty = history.dirty();
    if (dirty != null) {
      return notYet(dirty + " is dirty: it has failed, or still runs");
    }
    Requirement.Progress progress = requirement.check(history);
    return switch (progress.state()) {
      case BEHIND -> notYet(progress.sentence());
      case REACHED -> reached(ready, progress);
      case AHEAD ->
          refusesAhead
              ? notYet(
                  "%s %s, which schema.ahead refuses".formatted(tool.noun(), progress.sentence()))
              : reached(ready, progress);
    };
  }

  private ProbeResult reached(ProbeResult.Ready ready, Requirement.Progress progress) {
    return new ProbeResult.Ready(
        printable("%s; %s at %s".formatted(ready.detail(), tool.title(), progress.sentence())));
  }

  private ProbeResult unreadable(boolean missing, String why) {
    String table = table();
    return notYet(
        missing || why.contains(NO_SQLITE_TABLE)
            ? "nothing is applied, since there is no table %s yet".formatted(table)
            : "the table %s cannot be read: %s".formatted(table, Redactor.redact(why)));
  }

  private String table() {
    return declaredTable == null ? tool.table() : declaredTable;
  }

  private ProbeResult notYet(String sentence) {
    return new ProbeResult.NotYet(Reason.SCHEMA, printable(tool.title() + ": " + sentence));
  }

  /** A history may hold anything, and any amount; what is said of it stays on one short line. */
  private static String printable(String sentence) {
    String shown =
        sentence.length() > LONGEST_SENTENCE
            ? sentence.substring(0, LONGEST_SENTENCE) + "..."
            : sentence;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }

  /** Columns are those of the table by its alias: SQLite takes a quoted name alone for text. */
  private String query(String quote) {
    String table =
        declaredTable != null
            ? quoted(declaredTable.split("\\.", -1), quote, "", ".")
            : tool.isQuoted() ? quoted(new String[] {tool.table()}, quote, "", "") : tool.table();
    String columnQuote = tool.isQuoted() ? quote : "";
    String order = tool.orderColumn();
    return "SELECT %s FROM %s h%s"
        .formatted(
            quoted(tool.columns(), columnQuote, "h.", ", "),
            table,
            order == null
                ? ""
                : " ORDER BY " + quoted(new String[] {order}, columnQuote, "h.", ""));
  }

  private static String quoted(String[] names, String quote, String before, String between) {
    return Arrays.stream(names)
        .map(name -> before + quote + name.replace(quote, quote + quote) + quote)
        .collect(Collectors.joining(between));
  }
}
