package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationPlan;
import io.tidegate.migration.MigrationStatus;
import io.tidegate.migration.sql.ChangesetApplier.OneCommitConnection;
import io.tidegate.migration.sql.IntentStore.Intent;
import io.tidegate.migration.sql.PendingRisks.ChangesetRisks;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.io.StringWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.RuntimeEnvironment;
import liquibase.Scope;
import liquibase.changelog.ChangeLogIterator;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.filter.ChangeSetFilter;
import liquibase.changelog.filter.ChangeSetFilterResult;
import liquibase.changelog.visitor.ChangeSetVisitor;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.exception.LiquibaseException;
import liquibase.executor.Executor;
import liquibase.executor.ExecutorService;
import liquibase.executor.LoggingExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Drives Liquibase over one session: its parser, its filters and its visitor, but not its commands,
 * which bring a lock, a console, reports and telemetry of their own.
 */
final class LiquibaseRunner {
  private final SqlSession session;
  private final History history;
  private final ChangelogReader changelog;
  private final Failures failures;
  private final Duration stopGrace;
  private final Duration longestSilence;
  private final @Nullable RiskPolicy risks;
  private volatile @Nullable ChangesetApplier visitor;
  private volatile boolean stopping;

  /**
   * Reads and writes nothing yet.
   *
   * @param history where the database keeps what was applied of the changelog
   * @param stopGrace how long the work may go on after an interruption
   * @param longestSilence how long the server may answer nobody
   * @param risks what is done about changesets that destroy data; null: nobody looks for them
   */
  LiquibaseRunner(
      SqlSession session,
      History history,
      ChangelogReader changelog,
      Failures failures,
      Duration stopGrace,
      Duration longestSilence,
      @Nullable RiskPolicy risks) {
    this.session = session;
    this.history = history;
    this.changelog = changelog;
    this.failures = failures;
    this.stopGrace = stopGrace;
    this.longestSilence = longestSilence;
    this.risks = risks;
  }

  /**
   * What an update did.
   *
   * @param settled what the next one finds; null if there may be something left to do
   */
  record Result(
      int applied, int alreadyApplied, int unexpected, int retries, @Nullable Settled settled) {
    /** The same, where this run applied so many before it had to begin again. */
    Result after(int before) {
      return new Result(applied + before, alreadyApplied - before, unexpected, retries, settled);
    }
  }

  /** What is in the history when nothing is left to do. */
  record Settled(int applied, int unexpected) {}

  /** What Liquibase works on: a changelog that was read, and the database it is compared with. */
  private record Loaded(
      AbstractJdbcDatabase database, DatabaseChangeLog changelog, SchemaComparison comparison) {
    OneCommitConnection connection() {
      return OneCommitConnection.of(database);
    }
  }

  /** The changesets that were begun and could not be rolled back. */
  private IntentStore intents() {
    return new IntentStore(session, history);
  }

  /** The changeset that runs, or that failed; null if none. */
  @Nullable ChangesetId current() {
    ChangesetApplier applying = visitor;
    return applying == null ? null : applying.current();
  }

  /** How many changesets the last update applied. */
  int applied() {
    ChangesetApplier applying = visitor;
    return applying == null ? 0 : applying.applied();
  }

  /** Whether something of that changeset stays, so that a person has to look at it. */
  boolean isUnfinished() {
    ChangesetApplier applying = visitor;
    return applying != null && applying.isUnfinished();
  }

  /** Compares the changelog with the history. Changes nothing. */
  MigrationStatus status() throws Exception {
    return inLiquibase(root -> {
      SchemaComparison comparison = load(root).comparison();
      return comparison.status(history.problems(comparison, intents()), session.lock().holder());
    });
  }

  /** Applies what is pending. The lock is held by the caller. */
  Result update(
      MigrationListener listener, Duration retryFor, Fingerprint fingerprint, LockGuard guard)
      throws Exception {
    return inLiquibase(root -> {
      guard.remember();
      Instant deadline = Instant.now().plus(retryFor);
      return update(load(root), listener, deadline, fingerprint, guard);
    });
  }

  /** Records what a person found out about an interrupted changeset. The lock is held by the caller. */
  void resolve(Intent intent, boolean applied, String reason) throws Exception {
    inLiquibase(root -> {
      Loaded loaded = load(root);
      if (applied && !history.isSettled(intent.changeset())) {
        ChangeSet changeSet =
            loaded.changelog().getChangeSets().stream()
                .filter(each -> history.isSame(SchemaComparison.id(each), intent.changeset()))
                .findFirst()
                .orElseThrow(() -> unknown(intent));
        history.createIfMissing(loaded.database());
        loaded.connection().holdNextCommit();
        loaded
            .database()
            .markChangeSetExecStatus(
                changeSet, intent.rerun() ? ChangeSet.ExecType.RERAN : ChangeSet.ExecType.EXECUTED);
      }
      intents().resolve(intent.changeset(), applied, reason);
      loaded.connection().commitAsUsual();
      loaded.connection().commit();
      return intent;
    });
  }

  /** What {@link #adopt} would record. Changes nothing. */
  List<ChangesetId> adoptable(@Nullable String last) throws Exception {
    return inLiquibase(
        root -> adoptable(load(root), last).stream().map(SchemaComparison::id).toList());
  }

  private List<ChangeSet> adoptable(Loaded loaded, @Nullable String last) throws Exception {
    history.adopts();
    SchemaComparison comparison = loaded.comparison();
    PreflightChecks checks = checks();
    checks.checkHistories(comparison, MigrationListener.NONE);
    checks.refuseInterrupted(comparison);
    return new Adoption(session, changelog, history, failures.target())
        .adoptable(loaded.changelog(), comparison, last);
  }

  /** Records what is pending, up to that changeset, and runs none of it. The lock is held by the caller. */
  List<ChangesetId> adopt(@Nullable String last, LockGuard guard) throws Exception {
    return inLiquibase(root -> {
      guard.remember();
      Loaded loaded = load(root);
      List<ChangeSet> adopted = adoptable(loaded, last);
      if (!adopted.isEmpty()) {
        guard.takeForeignLock();
        record(adopted, loaded, guard);
      }
      return adopted.stream().map(SchemaComparison::id).toList();
    });
  }

  /** In one transaction, the creation of the history included where that can be rolled back. */
  private void record(List<ChangeSet> adopted, Loaded loaded, LockGuard guard) throws Exception {
    loaded.connection().holdCommits();
    history.createIfMissing(loaded.database());
    for (ChangeSet changeSet : adopted) {
      history.starts(SchemaComparison.id(changeSet));
      loaded.database().markChangeSetExecStatus(changeSet, ChangeSet.ExecType.EXECUTED);
    }
    guard.takeAgainIfLostBeforeCommit(false);
    if (stopping) {
      throw new ChangesetApplier.Stopped();
    }
    history.adopted();
    loaded.connection().commitAsUsual();
    loaded.connection().commit();
  }

  private ProblemException unknown(Intent intent) {
    return new ProblemException(
        new Problem(
            ExitCode.USAGE,
            "the changelog does not know the changeset " + intent.changeset(),
            "target " + failures.target(),
            "Give the changelog of the release that was interrupted"));
  }

  /** The SQL of what is pending. Changes nothing. */
  MigrationPlan plan() throws Exception {
    return inLiquibase(root -> plan(load(root)));
  }

  private Result update(
      Loaded loaded,
      MigrationListener listener,
      Instant deadline,
      Fingerprint fingerprint,
      LockGuard guard)
      throws Exception {
    SchemaComparison comparison = loaded.comparison();
    List<ChangeSet> pending = comparison.pending();
    ChangesetApplier applying =
        new ChangesetApplier(
            loaded.database(),
            session,
            failures,
            listener,
            deadline,
            pending.size(),
            guard,
            history);
    visitor = applying;
    checks().check(comparison, loaded.database(), risks, listener);
    if (history.table().isPresent()) {
      history.mark();
      loaded.connection().commit();
    }
    if (!pending.isEmpty()) {
      guard.takeForeignLock();
    }
    if (session.place().exists()
        && pending.stream()
            .anyMatch(changeSet -> !session.rollsBackSchema() || !changeSet.isRunInTransaction())) {
      intents().prepare();
    }
    executors().setExecutor("jdbc", loaded.database(), applying.statements());
    if (stopping) {
      throw new ChangesetApplier.Stopped();
    }
    if (!pending.isEmpty()) {
      visit(loaded, applying);
    }
    return new Result(
        applying.applied(),
        comparison.applied().size(),
        comparison.unexpected().size(),
        applying.retries(),
        pending.isEmpty() ? settled(comparison) : lookAgain(loaded, fingerprint));
  }

  /**
   * Compares the changelog, as it was read, with the history as it is after the run. All is applied
   * and committed: whatever fails here leaves the look to the next run.
   */
  private @Nullable Settled lookAgain(Loaded loaded, Fingerprint fingerprint) {
    try {
      session.connection().rollback(); // What is read must be newer than the last commit.
      if (stopping || !fingerprint.historyChanged()) {
        return null;
      }
      History.service(loaded.database()).reset();
      return settled(compare(loaded.changelog(), loaded.database()));
    } catch (Exception | OutOfMemoryError | StackOverflowError e) {
      return null;
    }
  }

  private static @Nullable Settled settled(SchemaComparison comparison) {
    return comparison.isSettled()
        ? new Settled(comparison.applied().size(), comparison.unexpected().size())
        : null;
  }

  private MigrationPlan plan(Loaded loaded) throws Exception {
    List<ChangeSet> pending = loaded.comparison().pending();
    PreflightChecks checks = checks();
    checks.checkHistories(loaded.comparison(), MigrationListener.NONE);
    checks.refuseInterrupted(loaded.comparison());
    if (pending.isEmpty()) {
      return MigrationPlan.NOTHING;
    }
    checks.checkEncodings(pending);
    checks.checkFiles(pending);
    AbstractJdbcDatabase database = loaded.database();
    List<ChangesetRisks> found = PendingRisks.find(session, database, pending);
    ExecutorService executors = executors();
    Executor reading = executors.getExecutor("jdbc", database);
    StringWriter sql = new StringWriter();
    LoggingExecutor writing = new PlanExecutor(session, reading, sql, database);
    executors.setExecutor("logging", database, writing);
    executors.setExecutor("jdbc", database, writing);
    PlanVisitor planning = new PlanVisitor(database, loaded.comparison(), sql.getBuffer(), found);
    visit(loaded, planning);
    return planning.plan();
  }

  /** Creates the history if there is none, checks the changelog against it and visits. */
  private void visit(Loaded loaded, ChangeSetVisitor applying) throws Exception {
    AbstractJdbcDatabase database = loaded.database();
    if (session.place().exists()) {
      history.createIfMissing(database);
    }
    Contexts contexts = changelog.contexts();
    LabelExpression labels = changelog.labels();
    loaded.changelog().validate(database, contexts, labels);
    List<ChangeSet> pending = loaded.comparison().pending();
    new ChangeLogIterator(loaded.changelog(), new PendingFilter(pending))
        .run(applying, new RuntimeEnvironment(database, contexts, labels));
  }

  private Loaded load(ChangelogRoot root) throws Exception {
    AbstractJdbcDatabase database = session.database();
    database.setConnection(new OneCommitConnection(session.connection()));
    history.attach(database);
    DatabaseChangeLog read = changelog.read(root, session, database);
    return new Loaded(database, read, compare(read, database));
  }

  private SchemaComparison compare(DatabaseChangeLog read, AbstractJdbcDatabase database)
      throws LiquibaseException, SQLException {
    return SchemaComparison.of(
        read,
        database,
        changelog.contexts(),
        changelog.labels(),
        history.table().orElse(session.place().table(history.name())),
        history.keepsNames());
  }

  private PreflightChecks checks() {
    return new PreflightChecks(session, changelog, history, failures.target());
  }

  private static ExecutorService executors() {
    return Scope.getCurrentScope().getSingleton(ExecutorService.class);
  }

  private <T> T inLiquibase(LiquibaseThread.Work<T> work) throws Exception {
    return new LiquibaseThread(session, changelog, longestSilence, stopGrace, this::stop).run(work);
  }

  private void stop() {
    stopping = true;
    ChangesetApplier applying = visitor;
    if (applying != null) {
      applying.stop();
    }
  }

  /** Accepts the changesets that were found pending, so that what was counted is what runs. */
  static final class PendingFilter implements ChangeSetFilter {
    private final Set<ChangeSet> pending = Collections.newSetFromMap(new IdentityHashMap<>());

    PendingFilter(Collection<ChangeSet> pending) {
      this.pending.addAll(pending);
    }

    @Override
    public ChangeSetFilterResult accepts(ChangeSet changeSet) {
      boolean accepted = pending.contains(changeSet);
      return new ChangeSetFilterResult(
          accepted,
          accepted ? "pending" : "not pending",
          getClass(),
          getMdcName(),
          getDisplayName());
    }
  }
}
