package io.tidegate.migration.sql;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.util.stream.Stream;
import liquibase.change.AbstractChange;
import liquibase.change.Change;
import liquibase.change.DatabaseChange;
import liquibase.change.core.ExecuteShellCommandChange;
import liquibase.change.custom.CustomChangeWrapper;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;
import liquibase.parser.core.ParsedNode;
import liquibase.precondition.CustomPreconditionWrapper;
import liquibase.precondition.Precondition;
import liquibase.precondition.PreconditionLogic;
import liquibase.resource.ResourceAccessor;
import liquibase.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what turns a changelog into a program: commands of the operating system and Java classes.
 * A changelog may change its database and nothing else.
 */
final class ForbiddenChanges {
  private ForbiddenChanges() {}

  static void check(DatabaseChangeLog changelog) {
    check(changelog.getPreconditions(), "the changelog " + changelog.getPhysicalFilePath());
    for (ChangeSet changeSet : changelog.getChangeSets()) {
      String where = SchemaComparison.id(changeSet).toString();
      check(changeSet.getPreconditions(), where);
      Stream.concat(changeSet.getChanges().stream(), changeSet.getRollback().getChanges().stream())
          .forEach(change -> check(change, where));
    }
  }

  private static void check(Change change, String where) {
    if (change instanceof ExecuteShellCommandChange) {
      throw refused("executeCommand", where);
    }
    if (change instanceof CustomChangeWrapper) {
      throw refused("customChange", where);
    }
  }

  private static void check(@Nullable Precondition precondition, String where) {
    if (precondition instanceof CustomPreconditionWrapper) {
      throw refused("customPrecondition", where);
    }
    if (precondition instanceof PreconditionLogic several) {
      several.getNestedPreconditions().forEach(nested -> check(nested, where));
    }
  }

  static ProblemException refused(String what, String where) {
    return new ProblemException(
        new Problem(
            ExitCode.CHANGELOG,
            what + " is not allowed, since it runs a program or a class on the migrator's host",
            where,
            "Write the change in SQL"));
  }

  /**
   * Stands in the place of Liquibase's own {@code customChange}, which makes an object of the named
   * class as soon as it is read.
   */
  @DatabaseChange(
      name = "customChange",
      description = "Refused",
      priority = RefusedCustomChange.BEFORE_LIQUIBASE)
  public static final class RefusedCustomChange extends AbstractChange {
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
}
