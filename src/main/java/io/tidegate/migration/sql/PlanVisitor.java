package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationPlan;
import io.tidegate.migration.MigrationPlan.PlannedChangeset;
import io.tidegate.migration.sql.PendingRisks.ChangesetRisks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.filter.ChangeSetFilterResult;
import liquibase.changelog.visitor.UpdateVisitor;
import liquibase.database.Database;
import liquibase.exception.LiquibaseException;

/** Visits what is pending while all SQL is only written down, and notes which changeset wrote what. */
final class PlanVisitor extends UpdateVisitor {
  private final SchemaComparison comparison;
  private final StringBuffer written;
  private final List<PlannedChangeset> planned = new ArrayList<>();
  private final Map<ChangesetId, ChangesetRisks> risks;
  private int prepared = -1;

  /** Takes the text that the executors of that database append to, and what was found before. */
  PlanVisitor(
      Database database,
      SchemaComparison comparison,
      StringBuffer written,
      List<ChangesetRisks> risks) {
    super(database, null, null);
    this.comparison = comparison;
    this.written = written;
    this.risks =
        risks.stream()
            .collect(Collectors.toMap(ChangesetRisks::changeset, each -> each, (a, _) -> a));
  }

  @Override
  public void visit(
      ChangeSet changeSet,
      DatabaseChangeLog changelog,
      Database database,
      Set<ChangeSetFilterResult> filters)
      throws LiquibaseException {
    int begin = written.length();
    if (prepared < 0) {
      prepared = begin;
    }
    super.visit(changeSet, changelog, database, filters);
    ChangesetRisks found = risks.getOrDefault(SchemaComparison.id(changeSet), ChangesetRisks.NONE);
    planned.add(
        new PlannedChangeset(
            comparison.pending(changeSet),
            written.substring(begin),
            found.risks(),
            found.more(),
            found.acceptance()));
  }

  /** All that was written. */
  MigrationPlan plan() {
    return new MigrationPlan(written.substring(0, Math.max(prepared, 0)), planned);
  }
}
