package io.tidegate.migration.risk;

import io.tidegate.migration.risk.Effect.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.alter.Alter;
import net.sf.jsqlparser.statement.alter.RenameTableStatement;
import net.sf.jsqlparser.statement.create.index.CreateIndex;
import net.sf.jsqlparser.statement.create.table.CreateTable;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.delete.ParenthesedDelete;
import net.sf.jsqlparser.statement.drop.Drop;
import net.sf.jsqlparser.statement.insert.Insert;
import net.sf.jsqlparser.statement.merge.Merge;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.WithItem;
import net.sf.jsqlparser.statement.truncate.Truncate;
import net.sf.jsqlparser.statement.update.ParenthesedUpdate;
import net.sf.jsqlparser.statement.update.Update;
import org.jspecify.annotations.Nullable;

/**
 * Reads statements by <a href="https://github.com/JSQLParser/JSqlParser">JSqlParser</a> and says what
 * they would do to tables. What it cannot read is classified by its leading keywords. Most statements
 * are told to be harmless by their first words, and are not parsed. Used by one thread at a time.
 */
public final class StatementClassifier implements AutoCloseable {
  /** A longer statement is mostly data. */
  private static final int LONGEST = 20_000;

  /** The parser's time grows with the depth of parentheses. */
  private static final int DEEPEST = 20;

  /** With the first statement the parser is loaded, which may take a slow machine a second. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** One that takes longer counts as slow. */
  private static final Duration SLOW = Duration.ofMillis(100);

  /** So long slow ones are parsed in all: a folder may hold thousands of them. */
  private static final Duration MOST_SLOW = Duration.ofSeconds(20);

  /** Others are not even searched for comments: a statement may be all of a table's data. */
  private static final Pattern MAY_MATTER =
      Pattern.compile(
          "/\\*|(?:DROP|TRUNCATE|DELETE|UPDATE|ALTER|RENAME|WITH|CREATE|EXPLAIN|ANALYZE|INSERT|COPY)\\b",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern PARSED =
      Pattern.compile(
          "(?:DROP|TRUNCATE|DELETE|UPDATE|ALTER\\s+TABLE|RENAME|WITH|COPY\\s*\\("
              + "|INSERT\\s+INTO\\s+[^\\s(]+\\s*+(?:\\([^()]*+\\)\\s*+)?WITH"
              + "|CREATE\\s+(?:UNIQUE\\s+)?INDEX|CREATE\\s+OR\\s+REPLACE\\s+TABLE)(?:\\b|(?<=\\())",
          Pattern.CASE_INSENSITIVE);

  /** It runs the statement behind it. */
  private static final Pattern MEASURED =
      Pattern.compile(
          "\\A(?:EXPLAIN\\s+ANALY[ZS]E\\s+(?:VERBOSE\\s+)?"
              + "|EXPLAIN\\s*\\([^)]*\\bANALY[ZS]E\\b(?!\\s+(?:FALSE|OFF|0))[^)]*\\)\\s*"
              + "|ANALYZE\\s+(?:FORMAT\\s*=\\s*\\w+\\s+)?(?=(?:DELETE|UPDATE|WITH)\\b))",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern HOW_TO_ALTER =
      Pattern.compile("\\AALTER\\s+(?:ONLINE\\s+|IGNORE\\s+)+TABLE", Pattern.CASE_INSENSITIVE);

  private static final Pattern RENAMED =
      Pattern.compile("\\A(ALTER\\s+TABLE\\s[^'\"]*?\\sRENAME)\\s*=\\s*", Pattern.CASE_INSENSITIVE);

  private static final Pattern SEVERAL =
      Pattern.compile("\\A(DROP|RENAME)\\s+TABLES\\b", Pattern.CASE_INSENSITIVE);

  /** It drops no other table, even of the same name. */
  private static final Pattern TEMPORARY =
      Pattern.compile("DROP\\s+TEMPORARY\\b", Pattern.CASE_INSENSITIVE);

  private static final Pattern OWNED =
      Pattern.compile("DROP\\s+OWNED\\s+BY\\s+(\"[^\"]+\"|\\w+)", Pattern.CASE_INSENSITIVE);

  /** Conditions that hold for every row. */
  private static final Set<String> ALWAYS = Set.of("true", "1");

  private final Quoting quoting;
  private @Nullable Parser parser;
  private long slowNanosLeft;

  /** What a database has of its own between quotes. */
  public enum Quoting {
    STANDARD,
    /** A backslash in a text takes the meaning of the next character. */
    BACKSLASHES,
    /** Names may stand in square brackets. */
    BRACKETS
  }

  /** Starts nothing yet. */
  public StatementClassifier(Quoting quoting) {
    this(quoting, MOST_SLOW);
  }

  /** The same with another bound, for tests. */
  StatementClassifier(Quoting quoting, Duration mostSlow) {
    this.quoting = quoting;
    this.slowNanosLeft = mostSlow.toNanos();
  }

  /**
   * What one statement does, in its own order; empty if nothing that matters here.
   *
   * @param statement without comments before it, and without its delimiter
   */
  public List<Effect> classify(String statement) {
    if (!MAY_MATTER.matcher(statement).lookingAt()) {
      return List.of();
    }
    String bare = Comments.removed(statement, quoting);
    String run = MEASURED.matcher(bare).replaceFirst("");
    if (quoting == Quoting.BACKSLASHES) {
      run = HOW_TO_ALTER.matcher(run).replaceFirst("ALTER TABLE");
      run = RENAMED.matcher(run).replaceFirst("$1 TO ");
      run = SEVERAL.matcher(run).replaceFirst("$1 TABLE");
    }
    return classifyRun(run);
  }

  private List<Effect> classifyRun(String statement) {
    if (!PARSED.matcher(statement).lookingAt() || TEMPORARY.matcher(statement).lookingAt()) {
      return List.of();
    }
    Matcher owned = OWNED.matcher(statement);
    if (owned.lookingAt()) {
      return List.of(Effect.of(Action.DROP_OWNED, TableName.of(null, owned.group(1))));
    }
    Optional<List<Effect>> read = read(statement);
    if (read.isPresent()) {
      return read.get();
    }
    // The parser may know all of it but one table of a list, or one part of an ALTER TABLE.
    List<String> parts = LeadingKeywords.parts(statement);
    return parts.stream()
        .flatMap(part ->
            (parts.size() == 1 ? Optional.<List<Effect>>empty() : read(part))
                .orElseGet(() -> LeadingKeywords.classify(part)).stream())
        .toList();
  }

  /** Empty if the parser cannot read it, in these words or in others. */
  private Optional<List<Effect>> read(String statement) {
    Statement parsed = parse(statement);
    Optional<List<Effect>> all = parsed == null ? Optional.empty() : effects(parsed);
    if (all.isPresent()) {
      return all;
    }
    Respelled other = Respelled.of(statement);
    Statement again = other.sql().equals(statement) ? null : parse(other.sql());
    return again == null
        ? Optional.empty()
        : effects(again)
            .map(effects ->
                effects.stream()
                    .filter(effect -> !other.notValid() || effect.action() != Action.ADD_CONSTRAINT)
                    .toList());
  }

  /** Ends the thread that parses, if one was started. */
  @Override
  public void close() {
    if (parser != null) {
      parser.close();
      parser = null;
    }
  }

  /** Null if it cannot be read, or not in time. */
  private @Nullable Statement parse(String sql) {
    if (slowNanosLeft <= 0 || sql.length() > LONGEST || depth(sql) > DEEPEST) {
      return null;
    }
    Parser begun = parser == null ? new Parser(quoting) : parser;
    parser = begun;
    long start = System.nanoTime();
    Statement read = begun.parse(sql);
    long took = System.nanoTime() - start;
    slowNanosLeft -= took > SLOW.toNanos() ? took : 0;
    return read;
  }

  private static int depth(String sql) {
    int depth = 0;
    int deepest = 0;
    for (int i = 0; i < sql.length(); i++) {
      depth += sql.charAt(i) == '(' ? 1 : sql.charAt(i) == ')' ? -1 : 0;
      deepest = Math.max(deepest, depth);
    }
    return deepest;
  }

  /** Empty if the parser passed over a part of it. */
  private static Optional<List<Effect>> effects(Statement statement) {
    return switch (statement) {
      case Alter alter -> AlterTable.effects(alter, table(alter.getTable()));
      case Drop drop -> Optional.of(dropped(drop));
      case CreateTable create -> Optional.of(replaced(create));
      case Truncate truncate ->
          Optional.of(
              truncate.getTables().stream()
                  .map(each -> Effect.of(Action.TRUNCATE, table(each)))
                  .toList());
      case RenameTableStatement rename ->
          Optional.of(
              rename.getTableNames().stream()
                  .map(each ->
                      new Effect(
                          Action.RENAME_TABLE,
                          table(each.getKey()),
                          "",
                          table(each.getValue()).toString()))
                  .toList());
      case CreateIndex index ->
          Optional.of(
              index.isConcurrently()
                  ? List.of()
                  : List.of(Effect.of(Action.CREATE_INDEX, table(index.getTable()))));
      case Delete delete -> Optional.of(with(delete.getWithItemsList(), deleted(delete)));
      case Update update -> Optional.of(with(update.getWithItemsList(), updated(update)));
      case Insert insert -> Optional.of(inserted(insert));
      case Merge merge -> Optional.of(with(merge.getWithItemsList(), Stream.of()));
      case Select select -> Optional.of(with(select.getWithItemsList(), Stream.of()));
      default -> Optional.of(List.of());
    };
  }

  /** Only one that takes the place of another is parsed. */
  private static List<Effect> replaced(CreateTable create) {
    return List.of(Effect.of(Action.DROP_TABLE, table(create.getTable())));
  }

  private static List<Effect> dropped(Drop drop) {
    Action action =
        switch (String.valueOf(drop.getType()).toUpperCase(Locale.ROOT)) {
          case "TABLE" -> Action.DROP_TABLE;
          case "SCHEMA" -> Action.DROP_SCHEMA;
          case "DATABASE" -> Action.DROP_DATABASE;
          default -> null;
        };
    if (action == null) {
      return List.of();
    }
    return drop.getNames().stream()
        .map(name ->
            Effect.of(
                action,
                action == Action.DROP_TABLE ? table(name) : TableName.of(name.getName(), "")))
        .toList();
  }

  private static List<Effect> with(@Nullable List<WithItem<?>> items, Stream<Effect> own) {
    Stream<Effect> inner =
        items == null
            ? Stream.of()
            : items.stream()
                .flatMap(item ->
                    switch (item.getParenthesedStatement()) {
                      case ParenthesedDelete delete -> deleted(delete.getDelete());
                      case ParenthesedUpdate update -> updated(update.getUpdate());
                      case null, default -> Stream.of();
                    });
    return Stream.concat(inner, own).toList();
  }

  /** Its WITH may stand behind the table as well. */
  private static List<Effect> inserted(Insert insert) {
    Select select = insert.getSelect();
    return with(
        insert.getWithItemsList(),
        select == null ? Stream.of() : with(select.getWithItemsList(), Stream.of()).stream());
  }

  private static Stream<Effect> deleted(Delete delete) {
    boolean all =
        isAlways(delete.getWhere())
            && delete.getLimit() == null
            && isNone(delete.getJoins())
            && isNone(delete.getUsingFromItemList());
    return all ? Stream.of(Effect.of(Action.DELETE_ALL, table(delete.getTable()))) : Stream.of();
  }

  private static Stream<Effect> updated(Update update) {
    List<Join> others = update.getStartJoins() == null ? List.of() : update.getStartJoins();
    boolean all =
        isAlways(update.getWhere())
            && update.getLimit() == null
            && others.stream()
                .allMatch(other -> other.isSimple() && other.getFromItem() instanceof Table);
    if (!all) {
      return Stream.of();
    }
    List<Column> columns =
        update.getUpdateSets().stream().flatMap(set -> set.getColumns().stream()).toList();
    if (others.isEmpty()) {
      return Stream.of(updated(update.getTable(), columns));
    }
    return Stream.concat(
            Stream.of(update.getTable()), others.stream().map(other -> (Table) other.getFromItem()))
        .map(table ->
            updated(table, columns.stream().filter(column -> isOf(table, column)).toList()))
        .filter(effect -> !effect.detail().isEmpty());
  }

  private static Effect updated(Table table, List<Column> columns) {
    String names =
        columns.stream()
            .map(column -> TableName.plain(column.getColumnName()))
            .collect(Collectors.joining(","));
    return new Effect(Action.UPDATE_ALL, table(table), "", names);
  }

  /** Whether a column may be of that table: where none is named, of any. */
  private static boolean isOf(Table table, Column column) {
    String name = table.getAlias() == null ? table.getName() : table.getAlias().getName();
    return column.getTable() == null
        || column.getTable().getName() == null
        || TableName.plain(column.getTable().getName()).equalsIgnoreCase(TableName.plain(name));
  }

  /** Of a long condition nothing is written out: it may be nested as deep as it is long. */
  private static boolean isAlways(@Nullable Expression where) {
    Expression inner = where;
    while (inner instanceof ParenthesedExpressionList<?> list && list.size() == 1) {
      inner = list.getFirst();
    }
    return switch (inner) {
      case null -> true;
      case EqualsTo equals ->
          isLiteral(equals.getLeftExpression())
              && isLiteral(equals.getRightExpression())
              && equals
                  .getLeftExpression()
                  .toString()
                  .equals(equals.getRightExpression().toString());
      case Column _, BooleanValue _, LongValue _ ->
          ALWAYS.contains(inner.toString().toLowerCase(Locale.ROOT));
      default -> false;
    };
  }

  private static boolean isLiteral(Expression expression) {
    return expression instanceof LongValue || expression instanceof StringValue;
  }

  private static boolean isNone(@Nullable List<?> list) {
    return list == null || list.isEmpty();
  }

  private static TableName table(Table table) {
    return TableName.of(table.getSchemaName(), table.getName());
  }

  /**
   * A statement in other words, where PostgreSQL has some that the parser does not know.
   *
   * @param notValid whether a constraint of it leaves existing rows unchecked
   */
  private record Respelled(String sql, boolean notValid) {
    private static final Pattern ONLY =
        Pattern.compile(
            "\\A(ALTER\\s+TABLE(?:\\s+IF\\s+EXISTS)?|DELETE\\s+FROM|UPDATE|TRUNCATE(?:\\s+TABLE)?)\\s+ONLY\\s",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern BEHIND_NAME =
        Pattern.compile(
            "\\A((?:ALTER\\s+TABLE(?:\\s+IF\\s+EXISTS)?|DELETE\\s+FROM|UPDATE)\\s+[^\\s*]+)"
                + "(?:\\s*\\*|\\s+WAIT\\s+\\d+|\\s+NOWAIT)(?=\\s|\\z)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern DATA_TYPE =
        Pattern.compile("\\sSET\\s+DATA\\s+TYPE\\s", Pattern.CASE_INSENSITIVE);
    private static final Pattern NOT_VALID =
        Pattern.compile("\\sNOT\\s+VALID\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern CHECK =
        Pattern.compile("\\sADD\\s+CHECK\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern FOREIGN_KEY =
        Pattern.compile("\\sDROP\\s+FOREIGN\\s+KEY\\s", Pattern.CASE_INSENSITIVE);

    private static final Pattern IDENTITY =
        Pattern.compile("\\s(?:RESTART|CONTINUE)\\s+IDENTITY\\b", Pattern.CASE_INSENSITIVE);

    static Respelled of(String statement) {
      String sql = ONLY.matcher(statement).replaceFirst("$1 ");
      sql = BEHIND_NAME.matcher(sql).replaceFirst("$1");
      sql = DATA_TYPE.matcher(sql).replaceAll(" TYPE ");
      sql = CHECK.matcher(sql).replaceAll(" ADD CONSTRAINT unnamed CHECK ");
      sql = FOREIGN_KEY.matcher(sql).replaceAll(" DROP CONSTRAINT ");
      sql = IDENTITY.matcher(sql).replaceAll(" ");
      String valid = NOT_VALID.matcher(sql).replaceAll(" ");
      return new Respelled(valid, !valid.equals(sql));
    }
  }

  /** The library, and one thread for all statements. Loaded when the first of them is parsed. */
  private static final class Parser {
    private final Quoting quoting;

    /** Its thread keeps nothing of whoever asks. */
    private final ExecutorService thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform()
                .daemon()
                .name("sql-parser")
                .inheritInheritableThreadLocals(false)
                .factory());

    Parser(Quoting quoting) {
      this.quoting = quoting;
    }

    @Nullable Statement parse(String sql) {
      CCJSqlParser parser =
          CCJSqlParserUtil.newParser(sql)
              .withAllowComplexParsing(false)
              .withBackslashEscapeCharacter(quoting == Quoting.BACKSLASHES)
              .withSquareBracketQuotation(quoting == Quoting.BRACKETS)
              .withTimeOut(TIMEOUT.toMillis());
      try {
        return CCJSqlParserUtil.parseStatement(parser, thread);
      } catch (JSQLParserException e) {
        return null;
      }
    }

    void close() {
      thread.shutdownNow();
    }
  }

  /** The names of columns in a list, or of one that stands alone. */
  static List<String> names(@Nullable String one, @Nullable List<String> several) {
    List<String> all = new ArrayList<>(several == null ? List.of() : several);
    if (one != null) {
      all.add(one);
    }
    return all;
  }
}
