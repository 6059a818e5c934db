package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.sql.FlywayFile.Kind;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.ToolFolder.ToolFile;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import liquibase.changelog.RanChangeSet;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.exception.DatabaseException;
import org.jspecify.annotations.Nullable;

/**
 * Flyway's {@code flyway_schema_history}, read and written in its own form. What {@code flyway
 * validate} would refuse is refused.
 */
final class FlywayHistory implements History, ToolHistoryService.Rows {
  private static final SupportedTool TOOL = SupportedTool.FLYWAY;
  private static final int BUFFER = 8 << 10;

  private final SqlSession session;
  private final FlywayTable form;
  private final Supplier<ToolFolder> folder;
  private final @Nullable Charset encoding;
  private long started = System.nanoTime();

  /**
   * Takes what gives the folder as it was listed last.
   *
   * @param encoding of files without a byte order mark; null: UTF-8
   */
  FlywayHistory(
      SqlSession session, String engine, Supplier<ToolFolder> folder, @Nullable Charset encoding) {
    this.session = session;
    this.form = new FlywayTable(engine);
    this.folder = folder;
    this.encoding = encoding;
  }

  /** A row of the table. */
  private record Row(
      int rank,
      @Nullable String version,
      String description,
      String type,
      String script,
      @Nullable Integer checksum,
      @Nullable Instant date,
      boolean success) {
    /** The key of its migration. See {@link FlywayFile#key}. */
    String key() {
      Kind kind =
          version == null
              ? Kind.REPEATABLE
              : type.equals("SQL_BASELINE") ? Kind.BASELINE : Kind.VERSIONED;
      return FlywayFile.key(new FlywayFile(kind, version == null ? "" : version, description).id());
    }

    String name() {
      return version == null ? script : "version " + version;
    }
  }

  /**
   * What the table says.
   *
   * @param applied the last row of each migration, by its key, but of those that were deleted
   * @param baseline the newest version that was declared to be there already; null: none
   * @param failed those that did not end
   * @param unknown those that mean what cannot be done here
   */
  private record State(
      Map<String, Row> applied, @Nullable String baseline, List<Row> failed, List<Row> unknown) {

    /** Whether a run of that migration did not end, perhaps behind one that did. */
    boolean isFailed(String key) {
      return failed.stream().anyMatch(row -> row.key().equals(key));
    }

    /** The newest version that ran or was declared; null: none. */
    @Nullable String newest() {
      return Stream.concat(
              applied.values().stream().map(Row::version).filter(version -> version != null),
              Stream.ofNullable(baseline))
          .max(FlywayFile::compareVersions)
          .orElse(null);
    }
  }

  @Override
  public String name() {
    return TOOL.table();
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
      ToolHistoryService.execute(database, form.create(inFull()));
    }
  }

  /** The table, whether it is there or is going to be. */
  private String inFull() {
    return session.place().table(TOOL.table());
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
      TOOL.refuseOtherColumns(row.getMetaData(), table.get(), folder.get().folder());
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

  private State state() throws SQLException {
    Map<String, Row> applied = new LinkedHashMap<>();
    String baseline = null;
    List<Row> failed = new ArrayList<>();
    List<Row> unknown = new ArrayList<>();
    for (Row row : rows()) {
      String version = row.version();
      boolean declares = row.type().equals("BASELINE") || row.type().equals("SQL_BASELINE");
      switch (row.type()) {
        case "SCHEMA" -> {} // Says only that Flyway has created the schema.
        case "SQL", "SQL_BASELINE", "BASELINE" -> {
          if (!row.success()) {
            failed.add(row);
          } else if (!row.type().equals("BASELINE")) {
            applied.put(row.key(), row);
          }
        }
        case "DELETE" -> {
          // By "flyway repair", of a migration that has no file any more.
          if (applied.remove(row.key()) == null) {
            applied.remove("B" + row.key());
          }
        }
        default -> unknown.add(row);
      }
      if (declares
          && version != null
          && row.success()
          && (baseline == null || FlywayFile.compareVersions(version, baseline) > 0)) {
        baseline = version;
      }
    }
    return new State(applied, baseline, failed, unknown);
  }

  @Override
  public List<RanChangeSet> ran() throws SQLException {
    State state = state();
    List<RanChangeSet> ran = new ArrayList<>();
    Map<String, Row> unknown = new LinkedHashMap<>(state.applied());
    for (ToolFile file : folder.get().files()) {
      Row row = unknown.remove(FlywayFile.key(file.version()));
      if (isOver(file, row, state)) {
        ran.add(ran(file.name(), file.version(), row));
      }
    }
    unknown.values().forEach(row -> ran.add(ran(row.name(), row.key(), row)));
    return ran;
  }

  private static RanChangeSet ran(String path, String id, @Nullable Row row) {
    return ToolHistoryService.ran(path, id, TOOL.title(), row == null ? null : row.date());
  }

  /** Whether a file is not to run: it did, or what it would do is in a baseline. */
  private boolean isOver(ToolFile file, @Nullable Row row, State state) {
    if (state.isFailed(FlywayFile.key(file.version()))) {
      return false;
    }
    FlywayFile migration = migration(file);
    return switch (migration.kind()) {
      case REPEATABLE -> row != null && isUnchanged(file, row);
      case BASELINE -> row != null || !migration.version().equals(startingPoint(state));
      case VERSIONED -> {
        String baseline = state.newest() == null ? startingPoint(state) : state.baseline();
        yield row != null
            || (baseline != null && FlywayFile.compareVersions(migration.version(), baseline) <= 0);
      }
    };
  }

  /** The newest baseline migration, with which a database without any version begins; null: none. */
  private @Nullable String startingPoint(State state) {
    if (state.newest() != null) {
      return null;
    }
    return folder.get().files().stream()
        .map(FlywayHistory::migration)
        .filter(migration -> migration.kind() == Kind.BASELINE)
        .map(FlywayFile::version)
        .max(FlywayFile::compareVersions)
        .orElse(null);
  }

  private static FlywayFile migration(ToolFile file) {
    return FlywayFile.of(file.name()).orElseThrow();
  }

  private boolean isUnchanged(ToolFile file, Row row) {
    return row.checksum() != null && row.checksum() == checksum(file);
  }

  /** As Flyway computes it: how lines end does not matter. */
  private int checksum(ToolFile file) {
    CRC32 sum = new CRC32();
    try (Reader text = open(file)) {
      StringBuilder part = new StringBuilder();
      for (int c = text.read(); c >= 0; c = text.read()) {
        if (c != '\n' && c != '\r') {
          part.append((char) c);
        }
        if (part.length() >= BUFFER && !Character.isHighSurrogate((char) c)) {
          add(sum, part);
        }
      }
      add(sum, part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (int) sum.getValue();
  }

  private static void add(CRC32 sum, StringBuilder part) {
    sum.update(part.toString().getBytes(StandardCharsets.UTF_8));
    part.setLength(0);
  }

  private Reader open(ToolFile file) throws IOException {
    return new BufferedReader(
        StrictText.open(
            Files.newInputStream(folder.get().folder().resolve(file.name())), encoding));
  }

  /** The file of a changeset, which the folder may not have any more. */
  private Optional<ToolFile> file(ChangesetId changeset) {
    return Optional.ofNullable(files().get(FlywayFile.key(changeset.id())));
  }

  private Stream<ToolFile> pendingFiles(SchemaComparison comparison) {
    return comparison.pending().stream()
        .map(Failures::id)
        .map(this::file)
        .flatMap(Optional::stream);
  }

  @Override
  public boolean isSame(ChangesetId a, ChangesetId b) {
    return a.author().equals(b.author()) && FlywayFile.key(a.id()).equals(FlywayFile.key(b.id()));
  }

  @Override
  public boolean isSettled(ChangesetId interrupted) throws SQLException {
    Row row = state().applied().get(FlywayFile.key(interrupted.id()));
    return row != null
        && (row.version() != null
            || file(interrupted).filter(file -> isUnchanged(file, row)).isPresent());
  }

  @Override
  public List<Problem> problems(SchemaComparison comparison, IntentStore intents)
      throws SQLException {
    State state = state();
    List<Problem> problems = new ArrayList<>();
    for (Row row : state.unknown()) {
      problems.add(
          problem(
              "%s has a row of the type %s, whose meaning is not kept here"
                  .formatted(row.name(), row.type()),
              "Go on with Flyway; migrations in Java, scripts and undo are its own"));
    }
    problems.addAll(failed(state, intents));
    problems.addAll(withoutHistory(comparison));
    problems.addAll(withoutFile(state));
    problems.addAll(changed(state));
    problems.addAll(outOfOrder(state, comparison));
    problems.addAll(mixed(comparison));
    return problems;
  }

  /** Where an intent is kept of the same migration, that says more. */
  private List<Problem> failed(State state, IntentStore intents) throws SQLException {
    List<String> interrupted =
        intents.open().stream().map(i -> FlywayFile.key(i.changeset().id())).toList();
    return state.failed().stream()
        .filter(row -> !interrupted.contains(row.key()) && !isFuture(row))
        .map(row ->
            problem(
                "%s was begun and has not ended: its row says success = false"
                    .formatted(row.name()),
                "Look how far it came, undo it by hand, and run: flyway repair"))
        .toList();
  }

  /** Flyway takes no schema for empty that is not, and none for its own that it has not migrated. */
  private List<Problem> withoutHistory(SchemaComparison comparison) throws SQLException {
    if (comparison.pending().isEmpty() || !session.place().exists() || table().isPresent()) {
      return List.of();
    }
    List<String> objects = new ArrayList<>();
    try (Statement statement = session.connection().createStatement();
        ResultSet row = statement.executeQuery(session.objectsQuery())) {
      while (row.next()) {
        objects.add(row.getString(1));
      }
    }
    objects.removeIf(name -> name.startsWith("tidegate_"));
    if (objects.isEmpty()) {
      return List.of();
    }
    return List.of(
        problem(
            "Flyway has not migrated this database, and it is not empty: there is %s"
                .formatted(objects.stream().sorted().limit(5).collect(Collectors.joining(", "))),
            "Say from which version on to migrate: flyway baseline -baselineVersion=<version>; or name"
                + " the tool that has migrated it as the target's format"));
  }

  /** A version above all in the folder is a newer release's. */
  private boolean isFuture(Row row) {
    String version = row.version();
    return version != null && isAboveFolder(version);
  }

  private boolean isAboveFolder(String version) {
    return folder.get().files().stream()
        .map(file -> migration(file).version())
        .filter(known -> !known.isEmpty())
        .allMatch(known -> FlywayFile.compareVersions(version, known) > 0);
  }

  private List<Problem> withoutFile(State state) {
    String newest = state.newest();
    boolean older = newest != null && isAboveFolder(newest);
    Map<String, ToolFile> files = files();
    return state.applied().entrySet().stream()
        .filter(applied -> !files.containsKey(applied.getKey()))
        .map(Map.Entry::getValue)
        .filter(row -> row.version() == null ? !older : !isFuture(row))
        .map(row ->
            problem(
                "Flyway has applied %s (%s), and the folder has no such migration"
                    .formatted(row.name(), row.script()),
                "Put its file back into the folder; or, if it is gone for good, run: flyway repair"))
        .toList();
  }

  private Map<String, ToolFile> files() {
    Map<String, ToolFile> files = new LinkedHashMap<>();
    folder.get().files().forEach(file -> files.put(FlywayFile.key(file.version()), file));
    return files;
  }

  /** What is in a baseline is not compared. */
  private List<Problem> changed(State state) {
    List<Problem> problems = new ArrayList<>();
    files()
        .forEach((key, file) -> {
          Row row = state.applied().get(key);
          String baseline = state.baseline();
          if (row == null
              || row.version() == null
              || (baseline != null && FlywayFile.compareVersions(row.version(), baseline) <= 0)) {
            return;
          }
          if (!isUnchanged(file, row)) {
            problems.add(
                problem(
                    "%s was changed after it was applied: the history has the checksum %s, it has %d"
                        .formatted(file.name(), row.checksum(), checksum(file)),
                    "Restore it as it was, and put the change into a new file; or, if both mean the"
                        + " same, run: flyway repair"));
          } else if (!row.description().equals(migration(file).description())) {
            problems.add(
                problem(
                    "%s was applied under another description: %s"
                        .formatted(file.name(), row.script()),
                    "Give it that name again; or run: flyway repair"));
          }
        });
    return problems;
  }

  private List<Problem> outOfOrder(State state, SchemaComparison comparison) {
    String newest = state.newest();
    if (newest == null) {
      return List.of();
    }
    return pendingFiles(comparison)
        .filter(file -> migration(file).kind() == Kind.VERSIONED)
        .filter(file -> FlywayFile.compareVersions(file.version(), newest) < 0)
        .map(file ->
            problem(
                "%s was not applied, and version %s behind it was".formatted(file.name(), newest),
                "Give the file a version behind %s, or apply it with flyway migrate -outOfOrder=true"
                    .formatted(newest)))
        .toList();
  }

  /** Flyway refuses a file of which a part cannot run in a transaction. */
  private List<Problem> mixed(SchemaComparison comparison) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    for (ToolFile file : pendingFiles(comparison).toList()) {
      try (Reader text = open(file)) {
        int line = ToolFolder.mixedLine(text, session);
        if (line > 0) {
          problems.add(
              new Problem(
                  ExitCode.CHANGELOG,
                  "of these statements this one cannot run in a transaction, or only this one can",
                  folder.get().folder().resolve(file.name()) + ", line " + line,
                  "Put it into a file of its own"));
        }
      } catch (ScriptException e) {
        // What cannot be taken apart is refused for that before it runs.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return problems;
  }

  @Override
  public void starts() {
    started = System.nanoTime();
  }

  @Override
  public List<String> recording(ChangesetId changeset) {
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

  private String insert(ChangesetId changeset, boolean success) {
    return form.insert(
        inFull(),
        migration(changeset),
        changeset.path(),
        checksum(new ToolFile(changeset.id(), changeset.path())),
        Duration.ofNanos(System.nanoTime() - started).toMillis(),
        success);
  }

  private void write(String sql) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private Problem problem(String what, String remedy) {
    return new Problem(
        ExitCode.CHANGELOG, what, TOOL.table() + ", folder " + folder.get().folder(), remedy);
  }
}
