package io.tidegate.migration.sql;

import io.tidegate.migration.risk.Effect;
import io.tidegate.migration.risk.Effect.Action;
import io.tidegate.migration.risk.TableName;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import liquibase.change.Change;
import liquibase.change.ColumnConfig;
import liquibase.change.ConstraintsConfig;
import liquibase.change.core.AddColumnChange;
import liquibase.change.core.AddForeignKeyConstraintChange;
import liquibase.change.core.AddNotNullConstraintChange;
import liquibase.change.core.AddPrimaryKeyChange;
import liquibase.change.core.AddUniqueConstraintChange;
import liquibase.change.core.CreateIndexChange;
import liquibase.change.core.DeleteDataChange;
import liquibase.change.core.DropColumnChange;
import liquibase.change.core.DropTableChange;
import liquibase.change.core.MergeColumnChange;
import liquibase.change.core.ModifyDataTypeChange;
import liquibase.change.core.RenameColumnChange;
import liquibase.change.core.RenameTableChange;
import liquibase.change.core.UpdateDataChange;
import org.jspecify.annotations.Nullable;

/** What Liquibase's changes that are not SQL do to tables. */
final class TypedChanges {
  /** Whether a catalog is what SQL calls a schema there. */
  private final boolean catalogs;

  TypedChanges(boolean catalogs) {
    this.catalogs = catalogs;
  }

  List<Effect> effects(Change change) {
    return switch (change) {
      case DropTableChange c ->
          one(Action.DROP_TABLE, table(c.getCatalogName(), c.getSchemaName(), c.getTableName()));
      case DropColumnChange c -> {
        TableName table = table(c.getCatalogName(), c.getSchemaName(), c.getTableName());
        yield Stream.concat(
                Stream.ofNullable(c.getColumnName()),
                c.getColumns().stream().map(ColumnConfig::getName))
            .map(column -> Effect.of(Action.DROP_COLUMN, table, column))
            .toList();
      }
      case MergeColumnChange c -> {
        TableName table = table(c.getCatalogName(), c.getSchemaName(), c.getTableName());
        yield Stream.of(c.getColumn1Name(), c.getColumn2Name())
            .map(column -> Effect.of(Action.DROP_COLUMN, table, column))
            .toList();
      }
      case DeleteDataChange c when isAlways(c.getWhere()) ->
          one(Action.DELETE_ALL, table(c.getCatalogName(), c.getSchemaName(), c.getTableName()));
      case UpdateDataChange c when isAlways(c.getWhere()) ->
          List.of(
              new Effect(
                  Action.UPDATE_ALL,
                  table(c.getCatalogName(), c.getSchemaName(), c.getTableName()),
                  "",
                  c.getColumns().stream()
                      .map(column -> TableName.plain(column.getName()))
                      .collect(Collectors.joining(","))));
      case ModifyDataTypeChange c ->
          List.of(
              new Effect(
                  Action.CHANGE_TYPE,
                  table(c.getCatalogName(), c.getSchemaName(), c.getTableName()),
                  TableName.plain(c.getColumnName()),
                  String.valueOf(c.getNewDataType())));
      case RenameTableChange c ->
          List.of(
              new Effect(
                  Action.RENAME_TABLE,
                  table(c.getCatalogName(), c.getSchemaName(), c.getOldTableName()),
                  "",
                  TableName.plain(c.getNewTableName())));
      case RenameColumnChange c ->
          List.of(
              new Effect(
                  Action.RENAME_COLUMN,
                  table(c.getCatalogName(), c.getSchemaName(), c.getTableName()),
                  TableName.plain(c.getOldColumnName()),
                  TableName.plain(c.getNewColumnName())));
      case AddNotNullConstraintChange c when !Boolean.FALSE.equals(c.getValidate()) ->
          List.of(
              Effect.of(
                  Action.SET_NOT_NULL,
                  table(c.getCatalogName(), c.getSchemaName(), c.getTableName()),
                  c.getColumnName()));
      case AddColumnChange c -> {
        TableName table = table(c.getCatalogName(), c.getSchemaName(), c.getTableName());
        yield c.getColumns().stream().map(column -> added(table, column)).toList();
      }
      case CreateIndexChange c ->
          one(Action.CREATE_INDEX, table(c.getCatalogName(), c.getSchemaName(), c.getTableName()));
      case AddUniqueConstraintChange c when isBlank(c.getForIndexName()) ->
          one(Action.CREATE_INDEX, table(c.getCatalogName(), c.getSchemaName(), c.getTableName()));
      case AddPrimaryKeyChange c when isBlank(c.getForIndexName()) ->
          one(Action.CREATE_INDEX, table(c.getCatalogName(), c.getSchemaName(), c.getTableName()));
      case AddForeignKeyConstraintChange c when !Boolean.FALSE.equals(c.getValidate()) ->
          one(
              Action.ADD_CONSTRAINT,
              table(c.getBaseTableCatalogName(), c.getBaseTableSchemaName(), c.getBaseTableName()));
      default -> List.of(); // SQL, or nothing that matters here.
    };
  }

  private static Effect added(TableName table, ColumnConfig column) {
    ConstraintsConfig constraints = column.getConstraints();
    boolean filled =
        column.getDefaultValueObject() != null
            || column.getValueObject() != null
            || Boolean.TRUE.equals(column.isAutoIncrement())
            || Boolean.TRUE.equals(column.getComputed());
    boolean required =
        constraints != null && Boolean.FALSE.equals(constraints.isNullable()) && !filled;
    return Effect.of(
        required ? Action.ADD_REQUIRED_COLUMN : Action.ADD_COLUMN, table, column.getName());
  }

  private static List<Effect> one(Action action, TableName table) {
    return List.of(Effect.of(action, table));
  }

  private TableName table(
      @Nullable String catalog, @Nullable String schema, @Nullable String table) {
    return TableName.of(catalogs && catalog != null ? catalog : schema, table);
  }

  /** Whether it is no condition, or one that holds for every row. */
  private static boolean isAlways(@Nullable String where) {
    String plain = where == null ? "" : where.replaceAll("[\\s()]", "");
    return List.of("", "1", "1=1", "true").contains(plain.toLowerCase(Locale.ROOT));
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }
}
