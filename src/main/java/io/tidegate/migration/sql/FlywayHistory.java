package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.sql.FlywayState.Row;
import io.tidegate.migration.sql.LockGuard.ForeignLock;
import io.tidegate.migration.sql.ToolFolder.ToolFile;
import io.tidegate.problem.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import liquibase.changelog.RanChangeSet;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.exception.DatabaseException;
import org.jspecify.annotations.Nullable;

/**
 * Flyway's {@code flyway_schema_history}, read and written in its own form. What is refused
 * is in {@link FlywayValidation}.
 */
final class FlywayHistory implements History, ToolHistoryService.Rows {
  private static final SupportedTool TOOL = SupportedTool.FLYWAY;
  private static final String ADOPTED = "tidegate_adopted";

  private final SqlSession session;
  private final FlywayTable form;
  private final FlywayFiles files;
  private @Nullable Start start;

  /** What was compared with the folder last. */
  private @Nullable FlywayState compared;

  private boolean adopting;
  private String written = TOOL.table();

  /**
   * A changeset that runs.
   *
   * @param checksum of its file as it was before it was read: one that changes while it runs is
   *     then not taken for what ran
   */
  private record Start(ChangesetId changeset, int checksum, long nanoTime) {}

  FlywayHistory(SqlSession session, String engine, FlywayFiles files) {
    this.session = session;
    this.form = new FlywayTable(engine);
    this.files = files;
  }

  @Override
  public String name() {
    return TOOL.table();
  }

  @Override
  public boolean runsFilesInTransactions() {
    return true;
  }

  @Override
  public boolean keepsNames() {
    return false;
  }

  @Override
  public Optional<String> table() throws SQLException {
    // One in another letter case is another one to the tool.
    return session.table(TOOL.table()).filter(TOOL.table()::equals).map(session.place()::table);
  }

  @Override
  public ForeignLock foreignLock(Duration limit, String target, MigrationListener listener) {
    return new ToolLock(session, TOOL, limit, target, listener);
  }

  @Override
  public Position position() throws SQLException {
    Optional<String> table = table();
    if (table.isEmpty()) {
      return new Position(0, 0);
    }
    try (Statement statement = session.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*), coalesce(max(installed_rank), 0) FROM " + table.get())) {
      return row.next() ? new Position(row.getLong(1), row.getLong(2)) : new Position(0, 0);
    }
  }

  @Override
  public Position after(Position before, ChangesetId recorded, boolean rerun) {
    return new Position(before.rows() + 1, before.last() + 1);
  }

  @Override
  public Optional<String> digest() throws SQLException {
    return table().isEmpty() ? Optional.empty() : Optional.of(rows().toString());
  }

  @Override
  public void attach(AbstractJdbcDatabase database) {
    ToolHistoryService.attach(database, this);
  }

  @Override
  public void create(AbstractJdbcDatabase database) throws SQLException, DatabaseException {
    if (table().isEmpty()) {
      if (adopting && !session.rollsBackSchema()) {
        stage();
      }
      ToolHistoryService.execute(database, form.create(inFull()));
    }
  }

  @Override
  public void adopts() {
    adopting = true;
  }

  /**
   * Where the table would stay without its rows if a kill came between them, it is made under another
   * name: to Flyway a table without rows says that nothing was applied, and all would run.
   */
  private void stage() throws SQLException {
    written = ADOPTED;
    write("DROP TABLE IF EXISTS " + inFull());
  }

  @Override
  public void adopted() throws SQLException {
    if (written.equals(ADOPTED)) {
      String staged = inFull();
      written = TOOL.table();
      write("ALTER TABLE %s RENAME TO %s".formatted(staged, inFull()));
    }
  }

  /** The table, whether it is there or is going to be. */
  private String inFull() {
    return session.place().table(written);
  }

  private List<Row> rows() throws SQLException {
    Optional<String> table = table();
    List<Row> rows = new ArrayList<>();
    if (table.isEmpty()) {
      return rows;
    }
    try (Statement statement = session.connection().createStatement();
        ResultSet row =
            statement.executeQuery("SELECT * FROM " + table.get() + " ORDER BY installed_rank")) {
      TOOL.refuseOtherColumns(row.getMetaData(), table.get(), files.folder().get().folder());
      while (row.next()) {
        int checksum = row.getInt("checksum");
        boolean without = row.wasNull();
        rows.add(
            new Row(
                row.getInt("installed_rank"),
                row.getString("version"),
                row.getString("description"),
                row.getString("type"),
                row.getString("script"),
                without ? null : checksum,
                ToolHistoryService.date(row, "installed_on").orElse(null),
                row.getBoolean("success")));
      }
    }
    return rows;
  }

  private FlywayState state() throws SQLException {
    return FlywayState.of(rows());
  }

  @Override
  public List<RanChangeSet> ran() throws SQLException {
    FlywayState state = state();
    compared = state;
    List<RanChangeSet> ran = new ArrayList<>();
    Map<String, Row> unknown = new LinkedHashMap<>(state.applied());
    String startingPoint = files.startingPoint(state);
    for (ToolFile file : files.folder().get().files()) {
      Row row = unknown.remove(FlywayFile.key(file.version()));
      if (files.isOver(file, row, state, startingPoint)) {
        ran.add(ran(file.name(), file.version(), row));
      }
    }
    unknown.values().forEach(row -> ran.add(ran(row.name(), row.key(), row)));
    return ran;
  }

  private static RanChangeSet ran(String path, String id, @Nullable Row row) {
    return ToolHistoryService.ran(path, id, TOOL.title(), row == null ? null : row.date());
  }

  @Override
  public boolean isSame(ChangesetId a, ChangesetId b) {
    return a.author().equals(b.author()) && FlywayFile.key(a.id()).equals(FlywayFile.key(b.id()));
  }

  @Override
  public boolean isSettled(ChangesetId interrupted) throws SQLException {
    FlywayState state = state();
    String key = FlywayFile.key(interrupted.id());
    Row row = state.applied().get(key);
    return row != null
        && !state.isFailed(key)
        && (row.version() != null
            || files.file(interrupted).filter(file -> files.isUnchanged(file, row)).isPresent());
  }

  @Override
  public List<Problem> problems(SchemaComparison comparison, IntentStore intents)
      throws SQLException {
    FlywayState state = compared == null ? state() : compared;
    return new FlywayValidation(session, files, state, adopting || table().isPresent(), comparison)
        .problems(intents);
  }

  @Override
  public void starts(ChangesetId changeset) {
    start = start(changeset);
  }

  private Start start(ChangesetId changeset) {
    int checksum = files.checksum(new ToolFile(changeset.id(), changeset.path()));
    return new Start(changeset, checksum, System.nanoTime());
  }

  @Override
  public List<String> recording(ChangesetId changeset) throws SQLException {
    return List.of(form.deleteFailed(inFull(), migration(changeset)), insert(changeset, true));
  }

  /** Flyway does not go on behind a row without success. */
  @Override
  public void begins(ChangesetId changeset) throws SQLException {
    write(insert(changeset, false));
  }

  @Override
  public void withdraws(ChangesetId changeset) throws SQLException {
    write(form.deleteFailed(inFull(), migration(changeset)));
  }

  private static FlywayFile migration(ChangesetId changeset) {
    return FlywayFile.of(changeset.path()).orElseThrow();
  }

  /** A repeatable migration may say more by now than what was interrupted and is said to be applied. */
  private Start resolved(ChangesetId changeset) throws SQLException {
    Start now = start(changeset);
    return state().failed().stream()
        .filter(row -> row.version() == null && row.key().equals(FlywayFile.key(changeset.id())))
        .flatMap(row -> Stream.ofNullable(row.checksum()))
        .reduce((earlier, last) -> last)
        .map(checksum -> new Start(changeset, checksum, now.nanoTime()))
        .orElse(now);
  }

  private String insert(ChangesetId changeset, boolean success) throws SQLException {
    Start running =
        start != null && start.changeset().equals(changeset) ? start : resolved(changeset);
    return form.insert(
        inFull(),
        migration(changeset),
        changeset.path(),
        running.checksum(),
        Duration.ofNanos(System.nanoTime() - running.nanoTime()).toMillis(),
        success);
  }

  private void write(String sql) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}
