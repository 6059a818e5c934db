package io.tidegate.migration.sql;

import io.tidegate.digest.Sha256;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.risk.ColumnType;
import io.tidegate.migration.risk.Effect;
import io.tidegate.migration.risk.Risk;
import io.tidegate.migration.risk.Risk.Kind;
import io.tidegate.migration.risk.StatementClassifier;
import io.tidegate.migration.risk.StatementClassifier.Quoting;
import io.tidegate.migration.risk.TableName;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import io.tidegate.migration.sql.TableCatalog.Column;
import io.tidegate.migration.sql.TableCatalog.Existing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import liquibase.ChecksumVersion;
import liquibase.change.AbstractSQLChange;
import liquibase.change.Change;
import liquibase.changelog.ChangeSet;
import liquibase.database.Database;
import liquibase.database.core.MySQLDatabase;
import liquibase.database.core.PostgresDatabase;
import liquibase.database.core.SQLiteDatabase;
import liquibase.exception.UnexpectedLiquibaseException;
import liquibase.serializer.core.string.StringChangeLogSerializer;
import liquibase.sql.Sql;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import liquibase.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Finds what pending changesets would destroy or block on the database as it is, before the first of
 * them runs. Only reads. Used inside a Liquibase scope.
 */
final class PendingRisks {
  /** So many of one changeset are kept. */
  static final int MOST = 20;

  private static final int DIGEST_DIGITS = 32;
  private static final Pattern USE =
      Pattern.compile("\\AUSE\\s+(`[^`]+`|\\w+)", Pattern.CASE_INSENSITIVE);

  /** After it, an unqualified name leads to where only the server knows. */
  private static final Pattern SEARCH_PATH =
      Pattern.compile(
          "\\A(?:SET|SELECT)\\b.*\\b(?:SEARCH_PATH|SCHEMA)\\b",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final SqlSession session;
  private final Database database;
  private final TableCatalog catalog;
  private final StatementClassifier classifier;
  private final TypedChanges typed;
  private final boolean nothingThere;

  /** Tables whose name changed since: what they were called before, or nothing if they are gone or new. */
  private final Map<TableName, Optional<TableName>> moved = new HashMap<>();

  private final Set<String> newColumns = new HashSet<>();
  private final Set<String> renamedColumns = new HashSet<>();

  private String file = "";
  private @Nullable String schema;
  private List<Risk> risks = new ArrayList<>();
  private boolean conditional;
  private int destructive;
  private int more;

  /**
   * What one changeset would destroy or block.
   *
   * @param risks at most {@link #MOST}, the destructive ones first
   * @param more how many there are besides
   * @param acceptance what accepts it as it is; empty if nothing is destructive
   */
  record ChangesetRisks(ChangesetId changeset, List<Risk> risks, int more, String acceptance) {
    static final ChangesetRisks NONE =
        new ChangesetRisks(new ChangesetId("", "", ""), List.of(), 0, "");

    boolean isDestructive() {
      return !acceptance.isEmpty();
    }

    /** All of them as one clause. */
    String describe() {
      StringBuilder all =
          new StringBuilder(isDestructive() ? "destroys data: " : "blocks others: ");
      for (Risk risk : risks.subList(0, Math.min(risks.size(), SHOWN))) {
        all.append(risk.describe()).append(" by ").append(risk.statement()).append("; ");
      }
      int left = risks.size() - SHOWN + more;
      all.setLength(all.length() - 2);
      return all + (left > 0 ? "; and %d more".formatted(left) : "");
    }

    private static final int SHOWN = 3;
  }

  private PendingRisks(SqlSession session, Database database, StatementClassifier classifier) {
    this.session = session;
    this.database = database;
    this.catalog = new TableCatalog(session);
    this.classifier = classifier;
    this.typed = new TypedChanges(database instanceof MySQLDatabase);
    this.nothingThere = catalog.isEmpty();
  }

  /** In the order in which they run; only those that destroy or block something. */
  static List<ChangesetRisks> find(SqlSession session, Database database, List<ChangeSet> pending)
      throws SQLException, IOException {
    Quoting quoting =
        switch (database) {
          case MySQLDatabase _ -> Quoting.BACKSLASHES;
          case SQLiteDatabase _ -> Quoting.BRACKETS;
          default -> Quoting.STANDARD;
        };
    List<ChangesetRisks> found = new ArrayList<>();
    try (StatementClassifier classifier = new StatementClassifier(quoting)) {
      PendingRisks risks = new PendingRisks(session, database, classifier);
      for (ChangeSet changeSet : pending) {
        ChangesetRisks one = risks.of(changeSet);
        if (!one.risks().isEmpty()) {
          found.add(one);
        }
      }
      risks.catalog.endTransaction();
    }
    return found;
  }

  private ChangesetRisks of(ChangeSet changeSet) throws SQLException, IOException {
    risks = new ArrayList<>();
    more = 0;
    destructive = 0;
    conditional = changeSet.getPreconditions() != null || !isRequired(changeSet);
    String path = SchemaComparison.id(changeSet).path();
    if (!path.equals(file)) { // What one file sets for its session does not hold for the next.
      file = path;
      schema = null;
    }
    for (Change change : changeSet.getChanges()) {
      switch (change) {
        case SqlFileChange file -> read(file);
        case AbstractSQLChange sql -> {
          for (String text : statements(sql)) {
            read(text);
          }
        }
        default -> {
          String shown = change.getSerializedObjectName();
          typed.effects(change).forEach(effect -> add(effect, shown));
        }
      }
    }
    risks.sort(Comparator.comparing(risk -> !risk.kind().isDestructive()));
    return new ChangesetRisks(
        SchemaComparison.id(changeSet),
        List.copyOf(risks),
        more,
        destructive == 0 ? "" : acceptance(changeSet));
  }

  /** Whether the run ends where it fails. */
  private static boolean isRequired(ChangeSet changeSet) {
    return !Boolean.FALSE.equals(changeSet.getFailOnError());
  }

  private void read(SqlFileChange file) throws SQLException, IOException {
    try (Reader text = file.open()) {
      read(text);
    }
  }

  /** Liquibase may have been told not to split it. */
  private void read(String sql) throws SQLException, IOException {
    try {
      read(new StringReader(sql));
    } catch (ScriptException e) {
      statement(StatementText.bare(sql)); // Not for a client, but Liquibase sends it as it is.
    }
  }

  private void read(Reader text) throws SQLException, IOException {
    StatementSplitter script = session.script(text);
    for (ScriptStatement next = script.next(); next != null; next = script.next()) {
      statement(next.text());
      InputStream data = next.data();
      if (data != null) {
        data.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  /** The text of what Liquibase sends; nothing where it cannot be had, which the run then says. */
  private List<String> statements(AbstractSQLChange change) {
    List<String> texts = new ArrayList<>();
    try {
      for (SqlStatement statement : change.generateStatements(database)) {
        Sql[] sql = SqlGeneratorFactory.getInstance().generateSql(statement, database);
        Arrays.stream(sql == null ? new Sql[0] : sql).map(Sql::toSql).forEach(texts::add);
      }
    } catch (UnexpectedLiquibaseException e) {
      texts.clear();
    }
    return texts;
  }

  private void statement(String text) {
    Matcher use = USE.matcher(text);
    if (use.find() && database instanceof MySQLDatabase) {
      schema = TableName.plain(use.group(1));
    } else if (database instanceof PostgresDatabase && SEARCH_PATH.matcher(text).find()) {
      schema = TableCatalog.ANY_SCHEMA;
    } else if (!nothingThere || text.regionMatches(true, 0, "DROP", 0, "DROP".length())) {
      for (Effect effect : classifier.classify(text)) {
        add(effect, StatementText.shown(text));
      }
    }
  }

  private void add(Effect effect, String shown) {
    TableName named = inSchema(effect.table());
    switch (effect.action()) {
      case DROP_SCHEMA -> {
        if (catalog.hasTables(effect.table().toString())) {
          keep(Kind.DROP_SCHEMA, effect, null, shown);
        }
        return;
      }
      case DROP_DATABASE -> {
        if (catalog.hasDatabase(effect.table().toString())) {
          keep(Kind.DROP_DATABASE, effect, null, shown);
        }
        return;
      }
      case DROP_OWNED -> {
        if (!nothingThere) {
          keep(Kind.DROP_OWNED, effect, null, shown);
        }
        return;
      }
      default -> {} // It is about a table.
    }
    if (nothingThere) {
      return;
    }
    Optional<TableName> before = before(named);
    Optional<Existing> table = before.flatMap(catalog::find).filter(Existing::rows);
    table.ifPresent(is -> risk(effect, is, key(named, effect.column()), shown));
    remember(effect, named, before);
  }

  /** What it was called before this run; with and without its schema, it may be the same table. */
  private Optional<TableName> before(TableName named) {
    Optional<TableName> exactly = moved.get(named);
    if (exactly != null) {
      return exactly;
    }
    return moved.entrySet().stream()
        .filter(each -> each.getKey().name().equals(named.name()))
        .filter(each -> isOpen(each.getKey()) || isOpen(named))
        .flatMap(each -> each.getValue().stream())
        .findFirst()
        .or(() -> Optional.of(named));
  }

  private static boolean isOpen(TableName table) {
    return table.schema() == null || table.schema().equals(TableCatalog.ANY_SCHEMA);
  }

  private TableName inSchema(TableName table) {
    return table.schema() == null ? new TableName(schema, table.name()) : table;
  }

  private static String key(TableName table, String column) {
    return table + " " + column;
  }

  /** What the statements behind this one find. */
  private void remember(Effect effect, TableName named, Optional<TableName> before) {
    String column = key(named, effect.column());
    switch (effect.action()) {
      case DROP_TABLE -> gone(named);
      case RENAME_TABLE -> {
        gone(named);
        TableName now = TableName.parse(effect.detail());
        moved.put(now.schema() == null ? new TableName(named.schema(), now.name()) : now, before);
      }
      case ADD_COLUMN, ADD_REQUIRED_COLUMN -> {
        if (!isThere(before, effect.column())) {
          newColumns.add(column);
        }
      }
      case RENAME_COLUMN ->
          (newColumns.contains(column) ? newColumns : renamedColumns)
              .add(key(named, effect.detail()));
      default -> {} // It changes no name.
    }
  }

  /** Not where its statement may not run, or where the next may mean the table of another schema. */
  private void gone(TableName named) {
    if (!conditional && !TableCatalog.ANY_SCHEMA.equals(named.schema())) {
      moved.put(named, Optional.empty());
    }
  }

  private boolean isThere(Optional<TableName> table, String column) {
    return catalog.knowsColumns()
        && table.flatMap(catalog::find).flatMap(is -> catalog.column(is, column)).isPresent();
  }

  private void risk(Effect effect, Existing table, String column, String shown) {
    switch (effect.action()) {
      case DROP_TABLE -> keep(Kind.DROP_TABLE, effect, table, shown);
      case TRUNCATE -> keep(Kind.TRUNCATE, effect, table, shown);
      case DELETE_ALL -> keep(Kind.DELETE_ALL, effect, table, shown);
      case UPDATE_ALL -> {
        boolean onlyNew =
            !effect.detail().isEmpty()
                && Arrays.stream(effect.detail().split(",", -1))
                    .allMatch(each -> newColumns.contains(column + each));
        if (!onlyNew) {
          keep(Kind.UPDATE_ALL, effect, table, shown);
        }
      }
      case RENAME_TABLE -> keep(Kind.RENAME_TABLE, effect, table, shown);
      case ADD_REQUIRED_COLUMN -> keep(Kind.ADD_NOT_NULL, effect, table, shown);
      case CREATE_INDEX -> {
        if (database instanceof PostgresDatabase) {
          keep(Kind.CREATE_INDEX, effect, table, shown);
        }
      }
      case ADD_CONSTRAINT -> keep(Kind.VALIDATE_CONSTRAINT, effect, table, shown);
      case DROP_COLUMN, RENAME_COLUMN, CHANGE_TYPE, SET_NOT_NULL -> {
        if (!newColumns.contains(column)) {
          Optional<Column> is = catalog.column(table, effect.column());
          if (is.isEmpty() && renamedColumns.contains(column)) {
            is = Optional.of(Column.UNKNOWN);
          }
          is.ifPresent(known -> ofColumn(effect, table, known, shown));
        }
      }
      case ADD_COLUMN,
          DROP_SCHEMA,
          DROP_DATABASE,
          DROP_OWNED -> {} // No row of a table is at stake.
    }
  }

  private void ofColumn(Effect effect, Existing table, Column column, String shown) {
    switch (effect.action()) {
      case DROP_COLUMN -> keep(Kind.DROP_COLUMN, effect, table, shown);
      case RENAME_COLUMN -> keep(Kind.RENAME_COLUMN, effect, table, shown);
      case SET_NOT_NULL -> {
        if (column.nullable()) {
          keep(Kind.VALIDATE_CONSTRAINT, effect, table, shown);
        }
      }
      default -> {
        ColumnType to = ColumnType.of(effect.detail());
        ColumnType from = column.type();
        if (from == null || effect.detail().isEmpty() || from.mayNarrowTo(to)) {
          keep(Kind.NARROW_TYPE, effect, table, shown);
        }
        boolean postgres = database instanceof PostgresDatabase;
        if (from == null || (postgres ? from.isRewrittenTo(to) : !from.equals(to))) {
          keep(Kind.REWRITE_TABLE, effect, table, shown);
        }
      }
    }
  }

  private void keep(Kind kind, Effect effect, @Nullable Existing table, String shown) {
    destructive += kind.isDestructive() ? 1 : 0;
    if (risks.size() == MOST) {
      more++;
      return;
    }
    risks.add(
        new Risk(
            kind,
            effect.table().toString(),
            effect.column(),
            table == null ? null : table.estimate(),
            shown));
  }

  /**
   * What accepts a changeset as it is: its name for people, and a digest of its name, of what Liquibase
   * compares, and of the text of its SQL to the letter, since Liquibase takes all blanks for one.
   */
  private String acceptance(ChangeSet changeSet) throws IOException {
    MessageDigest digest = Sha256.digest();
    ChangesetId id = SchemaComparison.id(changeSet);
    add(digest, id.path(), id.id(), id.author());
    add(digest, changeSet.generateCheckSum(ChecksumVersion.latest()).toString());
    for (Change change : changeSet.getChanges()) {
      switch (change) {
        case SqlFileChange file -> {
          try (Reader text = file.open()) {
            char[] part = new char[1 << 13];
            for (int read = text.read(part); read >= 0; read = text.read(part)) {
              digest.update(new String(part, 0, read).getBytes(StandardCharsets.UTF_16BE));
            }
          }
        }
        case AbstractSQLChange sql -> add(digest, statements(sql).toArray(String[]::new));
        default -> {} // Liquibase's checksum says all of it.
      }
    }
    if (changeSet.getPreconditions() != null) {
      add(digest, new StringChangeLogSerializer().serialize(changeSet.getPreconditions(), false));
    }
    String name = id.toString().replaceAll("[,\\p{Cntrl}]", "_");
    return name
        + "@"
        + HexFormat.of()
            .formatHex(digest.digest())
            .substring(0, DIGEST_DIGITS)
            .toLowerCase(Locale.ROOT);
  }

  private static void add(MessageDigest digest, String... texts) {
    for (String text : texts) {
      digest.update((text.length() + ":" + text).getBytes(StandardCharsets.UTF_16BE));
    }
  }
}
