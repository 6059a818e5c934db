package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.sql.LockGuard.ForeignLock;
import io.tidegate.migration.sql.ToolFolder.ToolFile;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import liquibase.changelog.RanChangeSet;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.exception.DatabaseException;
import org.jspecify.annotations.Nullable;

/**
 * The history of another migration tool, read and written in that tool's own form, so that the tool
 * itself can go on at any time. Liquibase asks it in place of its own.
 */
final class ToolHistory implements History, ToolHistoryService.Rows {
  private final SqlSession session;
  private final ToolTable form;
  private final Supplier<ToolFolder> folder;
  private final SupportedTool tool;

  /** What was compared with the folder last. */
  private @Nullable State compared;

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
  public boolean runsFilesInTransactions() {
    return tool != SupportedTool.GOLANG_MIGRATE;
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
  public ForeignLock foreignLock(Duration limit, String target, MigrationListener listener) {
    return new ToolLock(session, tool, limit, target, listener);
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
    ToolHistoryService.attach(database, this);
  }

  @Override
  public void create(AbstractJdbcDatabase database) throws SQLException, DatabaseException {
    List<String> statements = List.of();
    if (table().isEmpty()) {
      statements = form.create(inFull());
    } else if (tool == SupportedTool.GOOSE && position().rows() == 0) {
      statements = List.of(form.gooseFirstRow(inFull()));
    }
    ToolHistoryService.execute(database, statements);
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
      tool.refuseOtherColumns(row.getMetaData(), table.get(), folder.get().folder());
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
              applied.put(version, ToolHistoryService.date(row, "tstamp"));
            }
          }
          case FLYWAY -> throw new IllegalStateException("see FlywayHistory");
          case SQL_MIGRATE ->
              applied.put(row.getString("id"), ToolHistoryService.date(row, "applied_at"));
        }
      }
    }
    applied.keySet().removeAll(takenBack);
    return new State(applied, dirty, takenBack);
  }

  /** What of the folder ran, and what else the table says did. */
  @Override
  public List<RanChangeSet> ran() throws SQLException {
    State state = state();
    compared = state;
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
    return ToolHistoryService.ran(path, version, tool.title(), date);
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
    State state = compared == null ? state() : compared;
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
    String first = SchemaComparison.id(comparison.pending().getFirst()).path();
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

  @Override
  public List<String> recording(ChangesetId changeset) {
    return form.record(inFull(), number(changeset.id()));
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
}
