package io.tidegate.migration.sql;

import io.tidegate.migration.sql.SchemaComparison.Identity;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import liquibase.change.CheckSum;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;

/**
 * Refuses to begin a new history while another one in the same database has the same changesets:
 * it may be that the place of the history moved, and all would run again.
 */
final class MovedHistory {
  private final SqlSession session;
  private final String target;

  MovedHistory(SqlSession session, String target) {
    this.session = session;
    this.target = target;
  }

  /**
   * Looks for what is pending in the histories elsewhere.
   *
   * @throws ProblemException with exit 65 if one of them has it
   */
  void refuse(List<ChangeSet> pending) throws SQLException {
    if (pending.isEmpty() || session.table(Fingerprint.HISTORY).isPresent()) {
      return;
    }
    Map<Identity, ChangeSet> wanted = new HashMap<>();
    pending.forEach(changeSet -> wanted.put(Identity.of(changeSet).folded(), changeSet));
    for (String history : session.otherHistories()) {
      try (Statement statement = session.connection().createStatement();
          ResultSet row =
              statement.executeQuery("SELECT id, author, filename, md5sum FROM " + history)) {
        while (row.next()) {
          ChangeSet changeSet = wanted.get(identity(row).folded());
          // Another service's file may have the same name, and says something else.
          if (changeSet != null && changeSet.isCheckSumValid(CheckSum.parse(row.getString(4)))) {
            throw new ProblemException(problem(history, row));
          }
        }
      }
    }
  }

  private Problem problem(String history, ResultSet row) throws SQLException {
    String schema = session.place().schema();
    return new Problem(
        ExitCode.CHANGELOG,
        "changeset %s::%s::%s would run, but may have run already: the schema %s has no history, and %s has it there"
            .formatted(row.getString(3), row.getString(1), row.getString(2), schema, history),
        "target " + target,
        ("If that is this target's history, run: ALTER TABLE %s SET SCHEMA \"%s\". If it is another's,"
                + " name the schema in the URL: currentSchema=%s")
            .formatted(history, schema, schema));
  }

  private static Identity identity(ResultSet row) throws SQLException {
    return new Identity(
        DatabaseChangeLog.normalizePath(row.getString(3)), row.getString(1), row.getString(2));
  }
}
