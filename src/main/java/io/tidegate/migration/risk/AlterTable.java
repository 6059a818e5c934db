package io.tidegate.migration.risk;

import io.tidegate.migration.risk.Effect.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sf.jsqlparser.statement.alter.Alter;
import net.sf.jsqlparser.statement.alter.AlterExpression;
import net.sf.jsqlparser.statement.alter.AlterOperation;
import net.sf.jsqlparser.statement.create.table.CheckConstraint;
import net.sf.jsqlparser.statement.create.table.ColumnDefinition;
import net.sf.jsqlparser.statement.create.table.ForeignKeyIndex;
import net.sf.jsqlparser.statement.create.table.Index;
import org.jspecify.annotations.Nullable;

/** What the parts of an {@code ALTER TABLE} do. */
final class AlterTable {
  /** Words of a column that give it a value of its own in rows that are there. */
  private static final Set<String> FILLED =
      Set.of("DEFAULT", "GENERATED", "AUTO_INCREMENT", "AUTOINCREMENT", "IDENTITY", "AS");

  private static final Pattern SET_SCHEMA =
      Pattern.compile("SET\\s+SCHEMA\\s+(\\S+)", Pattern.CASE_INSENSITIVE);

  private final TableName table;
  private final List<Effect> effects = new ArrayList<>();

  /** Several parts taken for one, or one behind a word that the parser does not know. */
  private static final Pattern LIST_OR_OTHER =
      Pattern.compile(",|\\A\\s*(?:\\*|WAIT\\b|NOWAIT\\b)", Pattern.CASE_INSENSITIVE);

  private AlterTable(TableName table) {
    this.table = table;
  }

  /** In the order of the parts; empty if the parser passed over some of them. */
  static Optional<List<Effect>> effects(Alter alter, TableName table) {
    AlterTable all = new AlterTable(table);
    for (AlterExpression part : alter.getAlterExpressions()) {
      String unread = part.getOptionalSpecifier();
      if (part.getOperation() == AlterOperation.UNSPECIFIC
          && (unread == null || LIST_OR_OTHER.matcher(unread).find())) {
        return Optional.empty();
      }
      all.add(part);
    }
    return Optional.of(all.effects);
  }

  private void add(AlterExpression part) {
    switch (part.getOperation()) {
      case DROP -> {
        boolean column = part.getIndex() == null && part.getConstraintName() == null;
        for (String name :
            column
                ? StatementClassifier.names(part.getColumnName(), part.getPkColumns())
                : List.<String>of()) {
          effects.add(Effect.of(Action.DROP_COLUMN, table, name));
        }
      }
      case DROP_PARTITION, TRUNCATE_PARTITION, DISCARD_TABLESPACE, DISCARD_PARTITION ->
          effects.add(Effect.of(Action.TRUNCATE, table));
      case RENAME -> renamed(part.getColumnOldName(), part.getColumnName());
      case RENAME_TABLE ->
          effects.add(
              new Effect(
                  Action.RENAME_TABLE,
                  table,
                  "",
                  TableName.parse(String.valueOf(part.getNewTableName())).toString()));
      case UNSPECIFIC -> {
        Matcher moved = SET_SCHEMA.matcher(String.valueOf(part.getOptionalSpecifier()));
        if (moved.matches()) {
          TableName there = TableName.of(moved.group(1), table.name());
          effects.add(new Effect(Action.RENAME_TABLE, table, "", there.toString()));
        }
      }
      case ALTER, MODIFY, CHANGE -> {
        definitions(part).forEach(each -> changed(part, each));
        if (part.getColumnSetNotNullList() != null) {
          part.getColumnSetNotNullList()
              .forEach(
                  each -> effects.add(Effect.of(Action.SET_NOT_NULL, table, each.getColumnName())));
        }
      }
      case ADD -> {
        definitions(part).forEach(this::added);
        constraint(part.getIndex());
      }
      default -> {} // Nothing that costs rows or blocks for long.
    }
  }

  private static List<? extends ColumnDefinition> definitions(AlterExpression part) {
    return part.getColDataTypeList() == null ? List.of() : part.getColDataTypeList();
  }

  private void renamed(@Nullable String from, @Nullable String to) {
    if (!TableName.plain(from).equals(TableName.plain(to))) {
      effects.add(
          new Effect(Action.RENAME_COLUMN, table, TableName.plain(from), TableName.plain(to)));
    }
  }

  private void changed(AlterExpression part, ColumnDefinition column) {
    String name = column.getColumnName();
    if (part.getOperation() == AlterOperation.CHANGE && part.getColumnOldName() != null) {
      renamed(part.getColumnOldName(), name);
      name = part.getColumnOldName();
    }
    String type = column.getColDataType() == null ? "" : column.getColDataType().toString();
    String specs = specs(column);
    if (!type.isEmpty()) {
      effects.add(
          new Effect(
              Action.CHANGE_TYPE,
              table,
              TableName.plain(name),
              specs.contains(" UNSIGNED ") ? type + " unsigned" : type));
    }
    if (specs.contains(" NOT NULL ")) {
      effects.add(Effect.of(Action.SET_NOT_NULL, table, name));
    }
  }

  private void added(ColumnDefinition column) {
    String specs = specs(column);
    boolean serial =
        String.valueOf(column.getColDataType()).toLowerCase(Locale.ROOT).contains("serial");
    boolean required =
        specs.contains(" NOT NULL ")
            && !serial
            && FILLED.stream().noneMatch(word -> specs.contains(" " + word + " "));
    effects.add(
        Effect.of(
            required ? Action.ADD_REQUIRED_COLUMN : Action.ADD_COLUMN,
            table,
            column.getColumnName()));
  }

  private static String specs(ColumnDefinition column) {
    List<String> specs = column.getColumnSpecs();
    return specs == null ? "" : " " + String.join(" ", specs).toUpperCase(Locale.ROOT) + " ";
  }

  private void constraint(@Nullable Index index) {
    switch (index) {
      case ForeignKeyIndex _, CheckConstraint _ ->
          effects.add(Effect.of(Action.ADD_CONSTRAINT, table));
      case Index built when isUnique(built) -> effects.add(Effect.of(Action.CREATE_INDEX, table));
      case null, default -> {} // MySQL builds others while the table is written to.
    }
  }

  private static boolean isUnique(Index index) {
    String type = String.valueOf(index.getType()).toUpperCase(Locale.ROOT);
    return type.contains("UNIQUE") || type.contains("PRIMARY");
  }
}
