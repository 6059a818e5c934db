package io.tidegate.migration.sql;

import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.sql.IntentStore.Intent;
import io.tidegate.migration.sql.SqlSession.Aftermath;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Checks the intents that earlier runs left behind, each of a changeset that was interrupted. */
final class InterruptedChangesets {
  private final SqlSession session;
  private final IntentStore intents;
  private final History history;
  private final String target;

  InterruptedChangesets(SqlSession session, History history, String target) {
    this.session = session;
    this.history = history;
    this.intents = new IntentStore(session, history);
    this.target = target;
  }

  /**
   * Takes back those whose changeset is in the history, or proven to have done nothing. Called under
   * the lock.
   *
   * @throws ProblemException with exit 65 if a changeset that would run was interrupted
   */
  void clear(SchemaComparison comparison, MigrationListener listener) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    for (Intent intent : intents.open()) {
      boolean applied =
          comparison.applied().stream()
              .anyMatch(a -> history.isSame(a.changeset(), intent.changeset()));
      if (applied && !intent.rerun()) {
        intents.clearNow(intent.changeset());
        listener.noticed(
            "changeset %s, begun %s by %s, did finish: it is in the history"
                .formatted(intent.changeset(), intent.started(), intent.by()));
      } else if (isPending(intent, comparison)) {
        Aftermath aftermath = aftermath(intent);
        if (aftermath.nothing()) {
          intents.clearNow(intent.changeset());
          listener.noticed(
              "changeset %s, begun %s by %s, was interrupted before it changed anything (%s): it runs now"
                  .formatted(intent.changeset(), intent.started(), intent.by(), aftermath.look()));
        } else {
          listener.interrupted(intent.interrupted());
          problems.add(problem(intent, aftermath));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
  }

  /** Refuses as {@link #clear} does, but changes nothing. */
  void refuse(SchemaComparison comparison) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    for (Intent intent : intents.open()) {
      if (isPending(intent, comparison)) {
        Aftermath aftermath = aftermath(intent);
        if (!aftermath.nothing()) {
          problems.add(problem(intent, aftermath));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
  }

  /** An interrupted changeset that this changelog does not run is no concern of it. */
  private boolean isPending(Intent intent, SchemaComparison comparison) {
    return comparison.pending().stream()
        .anyMatch(changeSet -> history.isSame(SchemaComparison.id(changeSet), intent.changeset()));
  }

  private Aftermath aftermath(Intent intent) throws SQLException {
    Aftermath aftermath = session.aftermath(intent.statement());
    return intent.position() == 1 ? aftermath : new Aftermath(false, aftermath.look());
  }

  private Problem problem(Intent intent, Aftermath aftermath) {
    return new Problem(
        ExitCode.CHANGELOG,
        "changeset %s, begun %s by %s, was interrupted in or after its statement %d (%s)%s"
            .formatted(
                intent.changeset(),
                intent.started(),
                intent.by(),
                intent.position(),
                intent.statement(),
                intent.position() == 1
                    ? "; whether that took effect is not known"
                    : "; those before it took effect, whether that one did is not known"),
        intent.changeset().path() + ", target " + target,
        "%s. Then complete the changeset by hand and run: tidegate resolve %s '%s' --applied --reason '...';"
                .formatted(aftermath.look(), target, intent.changeset())
            + " or undo what it did and run the same with --not-applied, and it runs again");
  }
}
