package io.tidegate.migration.sql;

import liquibase.change.AbstractChange;
import liquibase.change.DatabaseChange;
import liquibase.database.Database;
import liquibase.parser.core.ParsedNode;
import liquibase.resource.ResourceAccessor;
import liquibase.statement.SqlStatement;

/**
 * Stands in the place of Liquibase's own {@code customChange}, which makes an object of the named
 * class as soon as it is read.
 */
@DatabaseChange(
    name = "customChange",
    description = "Refused",
    priority = RefusedCustomChange.BEFORE_LIQUIBASE)
public final class RefusedCustomChange extends AbstractChange {
  static final int BEFORE_LIQUIBASE = 1000;

  @Override
  public void load(ParsedNode node, ResourceAccessor files) {
    throw ForbiddenChanges.refused("customChange", "the changelog");
  }

  @Override
  public String getConfirmationMessage() {
    return "refused";
  }

  @Override
  public SqlStatement[] generateStatements(Database database) {
    throw ForbiddenChanges.refused("customChange", "the changelog");
  }
}
