package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.sql.ToolFolder.ToolFile;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import liquibase.ContextExpression;
import liquibase.Labels;
import liquibase.Scope;
import liquibase.changelog.AbstractChangeLogHistoryService;
import liquibase.changelog.ChangeLogHistoryServiceFactory;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.RanChangeSet;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.database.Database;
import liquibase.exception.DatabaseException;
import liquibase.executor.Executor;
import liquibase.executor.ExecutorService;
import liquibase.statement.core.RawParameterizedSqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * The history of another migration tool, read and written in that tool's own form, so that the tool
 * itself can go on at any time. Liquibase asks it in place of its own.
 */
final class ToolHistory implements History {
  private final SqlSession session;
  private final ToolTable form;
  private final Supplier<ToolFolder> folder;
  private final SupportedTool tool;

  /** Takes what gives the folder as it was listed last. */
  ToolHistory(SqlSession session, String engine, Supplier<ToolFolder> folder) {
    this.session = session;
    this.folder = folder;
    this.tool = folder.get().tool();
    this.form = new ToolTable(tool, engine);
  }

  /**
   * What the table says.
   *
   * @param applied by their versions, in the order of the table, and when if it says so
   * @param dirty the version that was begun and has not ended; null: none
   * @param takenBack versions of which goose's last row says that they are not applied
   */
  private record State(
      Map<String, Optional<Instant>> applied, @Nullable String dirty, Set<String> takenBack) {}

  @Override
  public String name() {
    return tool.table();
  }

  @Override
  public boolean keepsNames() {
    return false;
  }

  @Override
  public Optional<String> table() throws SQLException {
    // One in another letter case is another one to the tool.
    return session.table(tool.table()).filter(tool.table()::equals).map(session.place()::table);
  }

  @Override
  public Position position() throws SQLException {
    Optional<String> table = table();
    if (table.isEmpty()) {
      return new Position(0, 0);
    }
    String last = tool == SupportedTool.GOLANG_MIGRATE ? "max(version)" : "0";
    try (Statement statement = session.connection().createStatement();
        ResultSet row =
            statement.executeQuery("SELECT count(*), %s FROM %s".formatted(last, table.get()))) {
      return row.next() ? new Position(row.getLong(1), row.getLong(2)) : new Position(0, 0);
    }
  }

  @Override
  public Position after(Position before, ChangesetId recorded, boolean rerun) {
    return tool == SupportedTool.GOLANG_MIGRATE
        ? new Position(1, Long.parseLong(recorded.id()))
        : new Position(before.rows() + 1, 0);
  }

  @Override
  public Optional<String> digest() throws SQLException {
    return table().isEmpty() ? Optional.empty() : Optional.of(state().toString());
  }

  @Override
  public void attach(AbstractJdbcDatabase database) {
    Scope.getCurrentScope()
        .getSingleton(ChangeLogHistoryServiceFactory.class)
        .register(new Service(database));
  }

  @Override
  public void create(AbstractJdbcDatabase database) throws SQLException, DatabaseException {
    List<String> statements = List.of();
    if (table().isEmpty()) {
      statements = form.create(inFull());
    } else if (tool == SupportedTool.GOOSE && position().rows() == 0) {
      statements = List.of(form.gooseFirstRow(inFull()));
    }
    for (String statement : statements) {
      executor(database).execute(new RawParameterizedSqlStatement(statement));
    }
  }

  /** The table, whether it is there or is going to be. */
  private String inFull() {
    return session.place().table(tool.table());
  }

  private State state() throws SQLException {
    Optional<String> table = table();
    if (table.isEmpty()) {
      return new State(Map.of(), null, Set.of());
    }
    Map<String, Optional<Instant>> applied = new LinkedHashMap<>();
    String dirty = null;
    Set<String> takenBack = new TreeSet<>();
    try (Statement statement = session.connection().createStatement();
        ResultSet row = statement.executeQuery(form.select(table.get()))) {
      refuseOtherColumns(row.getMetaData(), table.get());
      while (row.next()) {
        switch (tool) {
          case GOLANG_MIGRATE -> {
            applied.put(row.getString("version"), Optional.empty());
            dirty = row.getBoolean("dirty") ? row.getString("version") : dirty;
          }
          case DBMATE -> applied.put(row.getString("version"), Optional.empty());
          case GOOSE -> {
            String version = row.getString("version_id");
            if (!row.getBoolean("is_applied")) {
              takenBack.add(version);
            } else if (row.getLong("version_id") > 0) {
              takenBack.remove(version);
              applied.put(version, date(row, "tstamp"));
            }
          }
          case SQL_MIGRATE -> applied.put(row.getString("id"), date(row, "applied_at"));
        }
      }
    }
    applied.keySet().removeAll(takenBack);
    return new State(applied, dirty, takenBack);
  }

  /** SQLite keeps it as a text, in more forms than its driver reads. */
  private static Optional<Instant> date(ResultSet row, String column) {
    try {
      return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    } catch (SQLException e) {
      return Optional.empty();
    }
  }

  private void refuseOtherColumns(ResultSetMetaData data, String table) throws SQLException {
    Set<String> columns = new HashSet<>();
    for (int i = 1; i <= data.getColumnCount(); i++) {
      columns.add(data.getColumnName(i).toLowerCase(Locale.ROOT));
    }
    if (!columns.equals(Set.of(tool.columns().split(", ")))) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "the table %s is not a history of %s: it has the columns %s"
                  .formatted(
                      table, tool.title(), String.join(", ", columns.stream().sorted().toList())),
              "%s, folder %s".formatted(table, folder.get().folder()),
              "Name the tool that has migrated this database as the target's format"));
    }
  }

  /** What of the folder ran, and what else the table says did. */
  private List<RanChangeSet> ran() throws SQLException {
    State state = state();
    Map<String, ToolFile> files =
        folder.get().files().stream()
            .collect(Collectors.toMap(f -> number(f.version()), Function.identity()));
    List<RanChangeSet> ran = new ArrayList<>();
    if (tool == SupportedTool.GOLANG_MIGRATE) {
      reached(state).forEach(file -> ran.add(ran(file.name(), file.version(), null)));
    }
    state
        .applied()
        .forEach((version, date) -> {
          ToolFile file = files.get(number(version));
          if (file == null) {
            ran.add(ran("version " + version, version, date.orElse(null)));
          } else if (tool != SupportedTool.GOLANG_MIGRATE) {
            ran.add(ran(file.name(), file.version(), date.orElse(null)));
          }
        });
    return ran;
  }

  /** golang-migrate keeps only how far it came: all before that ran, or were passed over for ever. */
  private Stream<ToolFile> reached(State state) {
    if (state.applied().isEmpty()) {
      return Stream.empty();
    }
    String current = state.applied().keySet().iterator().next();
    int limit = state.dirty() == null ? 0 : -1;
    return folder.get().files().stream()
        .filter(file ->
            FolderContent.NumericOrder.compare(number(file.version()), number(current)) <= limit);
  }

  private RanChangeSet ran(String path, String version, @Nullable Instant date) {
    return new RanChangeSet(
        path,
        version,
        tool.title(),
        null,
        date == null ? null : Date.from(date),
        null,
        ChangeSet.ExecType.EXECUTED,
        null,
        null,
        new ContextExpression(),
        new Labels(),
        null);
  }

  private String number(String version) {
    return tool.spelled(version);
  }

  /** A file may be renamed and keep its number, by which alone the tool knows it. */
  @Override
  public boolean isSame(ChangesetId a, ChangesetId b) {
    return a.author().equals(b.author()) && number(a.id()).equals(number(b.id()));
  }

  @Override
  public boolean isSettled(ChangesetId interrupted) throws SQLException {
    State state = state();
    String version = number(interrupted.id());
    if (tool != SupportedTool.GOLANG_MIGRATE) {
      return state.applied().containsKey(version);
    }
    return state.dirty() == null
        && state.applied().keySet().stream()
            .anyMatch(current -> FolderContent.NumericOrder.compare(current, version) >= 0);
  }

  @Override
  public List<Problem> problems(SchemaComparison comparison, IntentStore intents)
      throws SQLException {
    State state = state();
    List<Problem> problems = new ArrayList<>();
    severalRows(state).ifPresent(problems::add);
    dirty(state, intents).ifPresent(problems::add);
    problems.addAll(withoutFile(comparison));
    problems.addAll(takenBack(state));
    missing(state, comparison).ifPresent(problems::add);
    return problems;
  }

  private Optional<Problem> severalRows(State state) {
    if (tool != SupportedTool.GOLANG_MIGRATE || state.applied().size() <= 1) {
      return Optional.empty();
    }
    return Optional.of(
        problem(
            "%s keeps one row, and there are several: %s"
                .formatted(tool.title(), String.join(", ", state.applied().keySet())),
            "Keep the row that is true"));
  }

  /** Where an intent is kept of the same migration, that says more. */
  private Optional<Problem> dirty(State state, IntentStore intents) throws SQLException {
    String dirty = state.dirty();
    if (dirty == null
        || intents.open().stream().anyMatch(i -> number(i.changeset().id()).equals(dirty))) {
      return Optional.empty();
    }
    return Optional.of(
        problem(
            "version %s was begun by %s and has not ended: its history says dirty"
                .formatted(dirty, tool.title()),
            "Look how far it came, complete or undo it by hand, and say so to %s: migrate force <version>"
                .formatted(tool.title())));
  }

  /** What ran, is older than the newest file, and has none: two of the tools refuse that. */
  private List<Problem> withoutFile(SchemaComparison comparison) {
    if (tool != SupportedTool.GOLANG_MIGRATE && tool != SupportedTool.SQL_MIGRATE) {
      return List.of();
    }
    String newest = folder.get().files().getLast().version();
    return comparison.unexpected().stream()
        .map(applied -> applied.changeset().id())
        .filter(version -> FolderContent.NumericOrder.compare(version, newest) < 0)
        .map(version ->
            problem(
                "%s has applied %s, and the folder has no such migration"
                    .formatted(tool.title(), version),
                "Put its file back into the folder"))
        .toList();
  }

  private List<Problem> takenBack(State state) {
    return state.takenBack().stream()
        .map(version ->
            problem(
                "the last row of version %s says is_applied = false, as the first releases of goose took a step back; today's take any row for applied"
                    .formatted(version),
                "Delete the rows of that version if it is to run, or the last one if it is applied"))
        .toList();
  }

  /** goose refuses what would run out of order. */
  private Optional<Problem> missing(State state, SchemaComparison comparison) {
    if (tool != SupportedTool.GOOSE || comparison.pending().isEmpty()) {
      return Optional.empty();
    }
    String first = Failures.id(comparison.pending().getFirst()).path();
    return state.applied().keySet().stream()
        .max(FolderContent.NumericOrder::compare)
        .filter(newest ->
            FolderContent.NumericOrder.compare(
                    number(comparison.pending().getFirst().getId()), newest)
                < 0)
        .map(newest ->
            problem(
                "%s was not applied, and version %s behind it was: goose calls it missing"
                    .formatted(first, newest),
                "Give the file a number behind %s, or apply it with goose up --allow-missing"
                    .formatted(newest)));
  }

  private Problem problem(String what, String remedy) {
    return new Problem(
        ExitCode.CHANGELOG, what, tool.table() + ", folder " + folder.get().folder(), remedy);
  }

  /** golang-migrate's own mark stands beside the intent, so that it does not go on either. */
  @Override
  public void begins(ChangesetId changeset) throws SQLException {
    if (tool == SupportedTool.GOLANG_MIGRATE) {
      boolean hasRow = !state().applied().isEmpty();
      write(form.moveTo(inFull(), number(changeset.id()), hasRow, true));
    }
  }

  @Override
  public void withdraws(ChangesetId changeset) throws SQLException {
    if (tool != SupportedTool.GOLANG_MIGRATE || !number(changeset.id()).equals(state().dirty())) {
      return;
    }
    List<ToolFile> before =
        folder.get().files().stream()
            .takeWhile(f -> !number(f.version()).equals(number(changeset.id())))
            .toList();
    write(
        before.isEmpty()
            ? "DELETE FROM " + inFull()
            : form.moveTo(inFull(), number(before.getLast().version()), true, false));
  }

  private void write(String sql) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private static Executor executor(Database database) {
    return Scope.getCurrentScope()
        .getSingleton(ExecutorService.class)
        .getExecutor("jdbc", database);
  }

  /** What Liquibase asks and tells, for one database. */
  private final class Service extends AbstractChangeLogHistoryService {
    private @Nullable List<RanChangeSet> ran;

    private Service(AbstractJdbcDatabase database) {
      setDatabase(database);
    }

    @Override
    public int getPriority() {
      return PRIORITY_DATABASE + 1;
    }

    @Override
    public boolean supports(Database other) {
      return other.equals(getDatabase());
    }

    @Override
    public void init() {}

    @Override
    public void reset() {
      ran = null;
    }

    @Override
    public List<RanChangeSet> getRanChangeSets() throws DatabaseException {
      try {
        List<RanChangeSet> known = ran == null ? ran() : ran;
        ran = known;
        return known;
      } catch (SQLException e) {
        throw new DatabaseException(e);
      }
    }

    @Override
    public void setExecType(ChangeSet changeSet, ChangeSet.ExecType execType)
        throws DatabaseException {
      List<String> rows = form.record(inFull(), number(changeSet.getId()));
      Executor executor = executor(getDatabase());
      if (executor instanceof StatementExecutor sending) {
        sending.record(rows);
      } else {
        for (String row : rows) {
          executor.execute(new RawParameterizedSqlStatement(row));
        }
      }
      if (ran != null) {
        ran.add(ran(changeSet.getFilePath(), changeSet.getId(), Instant.now()));
      }
    }

    // Of the rest nothing is asked of a changelog of plain files.

    @Override
    public void removeFromHistory(ChangeSet changeSet) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int getNextSequenceValue() {
      return 0;
    }

    @Override
    public void tag(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean tagExists(String name) {
      return false;
    }

    @Override
    public void clearAllCheckSums() {}

    @Override
    public void destroy() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isDatabaseChecksumsCompatible() {
      return true;
    }
  }
}
