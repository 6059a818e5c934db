package io.tidegate.migration.sql;

import io.tidegate.migration.BackupCheck;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.Adoptable;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.Migration.Resolvable;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationPlan;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.MigrationStatus;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.migration.Migrator;
import io.tidegate.migration.sql.IntentStore.Intent;
import io.tidegate.migration.sql.SqlDialect.Access;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Changelog;
import io.tidegate.target.Target;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import liquibase.exception.LiquibaseException;
import org.jspecify.annotations.Nullable;

/** Applies changelogs to one kind of SQL database: Liquibase's formats and folders of SQL files. */
public final class SqlMigrator implements Migrator {
  private final SqlDialect dialect;
  private final BackupCheck backups;
  private final Duration longestSilence;

  /** Takes what that database does in its own way, and what looks for backups. */
  public SqlMigrator(SqlDialect dialect, BackupCheck backups) {
    this(dialect, backups, MigrationSettings.LONGEST_SILENCE);
  }

  /**
   * The same with another limit, for tests.
   *
   * @param longestSilence how long the server may answer nobody while a migration waits for it
   */
  SqlMigrator(SqlDialect dialect, BackupCheck backups, Duration longestSilence) {
    this.dialect = dialect;
    this.backups = backups;
    this.longestSilence = longestSilence;
  }

  @Override
  public String engine() {
    return dialect.engine();
  }

  @Override
  public Migration open(Target target, MigrationSettings settings) {
    Changelog changelog = target.changelog();
    if (changelog == null) {
      throw new IllegalArgumentException(target.name() + " has no changelog");
    }
    return new SqlMigration(
        target.forMigration(),
        settings,
        dialect,
        ChangelogReader.checked(changelog, dialect),
        new RiskPolicy(target, backups),
        longestSilence);
  }

  @Override
  public void warmUp(Target target) throws Exception {
    Changelog changelog = target.changelog();
    if (changelog != null) {
      dialect.warmUpLogin();
      new WarmUpMigration(dialect, changelog).run();
    }
  }

  /** One SQL target's migration: opens the one connection, takes the lock on it, and hands it on. */
  private static final class SqlMigration implements Migration, Resolvable, Adoptable {
    private static final int MOST_BEGINNINGS = 4;

    private final Target target;
    private final MigrationSettings settings;
    private final SqlDialect dialect;
    private final ChangelogReader changelog;
    private final RiskPolicy risks;
    private final Duration longestSilence;
    private final Failures failures;

    SqlMigration(
        Target target,
        MigrationSettings settings,
        SqlDialect dialect,
        ChangelogReader changelog,
        RiskPolicy risks,
        Duration longestSilence) {
      this.target = target;
      this.settings = settings;
      this.dialect = dialect;
      this.changelog = changelog;
      this.risks = risks;
      this.longestSilence = longestSilence;
      this.failures = new Failures(dialect, target.name(), target.origin());
    }

    @Override
    public MigrationOutcome migrate(MigrationListener listener) throws InterruptedException {
      long start = System.nanoTime();
      changelog.leftOut().ifPresent(listener::noticed);
      return with(
          Access.WRITE,
          (session, history, run) -> {
            LockGuard lock = lock(session, history, listener);
            Duration lockWait = lock.acquire();
            lock.foreignLock().await();
            Fingerprint fingerprint = new Fingerprint(session, changelog, history);
            Optional<LiquibaseRunner.Result> nothingToDo = fingerprint.nothingToDo();
            LiquibaseRunner.Result result =
                nothingToDo.isPresent()
                    ? nothingToDo.get()
                    : update(session, run, listener, fingerprint, lock);
            Access.limit(session.connection(), settings);
            lock.foreignLock().clearStale();
            if (result.settled() != null) {
              fingerprint.keep(result.settled());
            }
            return new MigrationOutcome(
                result.applied(),
                result.alreadyApplied(),
                result.unexpected(),
                Duration.ofNanos(System.nanoTime() - start),
                lockWait,
                result.retries());
          });
    }

    /** Begins again where the lock was lost: what another run has applied meanwhile is in the history. */
    private LiquibaseRunner.Result update(
        SqlSession session,
        LiquibaseRunner run,
        MigrationListener listener,
        Fingerprint fingerprint,
        LockGuard lock)
        throws Exception {
      session.prepare();
      Access.unlimit(session.connection());
      int before = 0;
      for (int times = 1; ; times++) {
        try {
          return run.update(listener, settings.migrationLockWait(), fingerprint, lock)
              .after(before);
        } catch (RuntimeException | LiquibaseException e) {
          if (!LockGuard.LockLostException.isBehind(e)) {
            throw e;
          }
          if (times == MOST_BEGINNINGS) {
            throw lost(run.current());
          }
          before += run.applied();
          listener.noticed(
              "the migration lock was lost before a commit: waiting for it to begin again");
        } finally {
          lock.foreignLock().release();
        }
        beginAgain(session, lock);
        lock.foreignLock().await();
      }
    }

    private LockGuard lock(SqlSession session, History history, MigrationListener listener) {
      Duration limit = settings.migrationLockWait();
      return new LockGuard(
          session,
          history,
          history.foreignLock(limit, target.name(), listener),
          limit,
          target.name(),
          listener);
    }

    private static void beginAgain(SqlSession session, LockGuard lock)
        throws SQLException, InterruptedException {
      if (!session.connection().getAutoCommit()) {
        session.connection().rollback();
        session.connection().setAutoCommit(true);
      }
      session.renew();
      if (!session.lock().isHeld()) {
        lock.acquire();
      }
    }

    private ProblemException lost(@Nullable ChangesetId changeset) {
      return new ProblemException(
          new Problem(
              ExitCode.LOCKED,
              "the migration lock was lost %d times%s"
                  .formatted(
                      MOST_BEGINNINGS,
                      changeset == null ? "" : ", at last while changeset " + changeset + " ran"),
              "target " + target.name(),
              "Leave DISCARD ALL, pg_advisory_unlock_all() and RELEASE_ALL_LOCKS() out of the changelog,"
                  + " and give the migration the direct URL of the database, by migration.url"));
    }

    @Override
    public MigrationStatus status() throws InterruptedException {
      return with(Access.READ, (_, _, run) -> run.status());
    }

    @Override
    public MigrationPlan plan() throws InterruptedException {
      return with(Access.READ, (_, _, run) -> run.plan());
    }

    @Override
    public List<Interrupted> interrupted() throws InterruptedException {
      return with(
          Access.READ,
          (session, history, _) ->
              new IntentStore(session, history).open().stream().map(Intent::interrupted).toList());
    }

    @Override
    public void resolve(ChangesetId changeset, boolean applied, String reason)
        throws InterruptedException {
      if (reason.isBlank()) {
        throw refused("no reason is given", "Say with --reason how this is known");
      }
      with(
          Access.WRITE,
          (session, history, run) -> {
            lock(session, history, MigrationListener.NONE).acquire();
            List<Intent> meant =
                new IntentStore(session, history)
                    .open().stream().filter(intent -> intent.isMeantBy(changeset)).toList();
            if (meant.size() != 1) {
              throw meant.isEmpty()
                  ? refused(
                      "changeset " + changeset + " was not interrupted",
                      "See tidegate status for those that were")
                  : refused(
                      "%d interrupted changesets are called so".formatted(meant.size()),
                      "Give path, id and author, as path::id::author");
            }
            run.resolve(meant.getFirst(), applied, reason);
            return changeset;
          });
    }

    @Override
    public List<ChangesetId> adopt(@Nullable String last, boolean dryRun)
        throws InterruptedException {
      if (dryRun) {
        return with(Access.READ, (_, _, run) -> run.adoptable(last));
      }
      return with(
          Access.WRITE,
          (session, history, run) -> {
            LockGuard lock = lock(session, history, MigrationListener.NONE);
            lock.acquire();
            lock.foreignLock().await();
            try {
              return run.adopt(last, lock);
            } catch (LockGuard.LockLostException e) {
              throw lost();
            } finally {
              lock.foreignLock().release();
            }
          });
    }

    private ProblemException lost() {
      return new ProblemException(
          new Problem(
              ExitCode.LOCKED,
              "the migration lock was lost before what was adopted was committed: nothing is recorded",
              "target " + target.name(),
              "Run it again"));
    }

    private ProblemException refused(String what, String remedy) {
      return new ProblemException(
          new Problem(ExitCode.USAGE, what, "target " + target.name(), remedy));
    }

    /** What is done with an open session and the history in its database, or by Liquibase over them. */
    private interface Work<T> {
      T with(SqlSession session, History history, LiquibaseRunner run) throws Exception;
    }

    private <T> T with(Access access, Work<T> work) throws InterruptedException {
      LiquibaseRunner run = null;
      try (SqlSession session = dialect.open(target, settings, access)) {
        // A look leaves nothing half done: it need not be let finish.
        Duration grace = access == Access.WRITE ? settings.stopGrace() : Duration.ZERO;
        History history = History.of(changelog, session);
        run =
            new LiquibaseRunner(
                session, history, changelog, failures, grace, longestSilence, risks);
        return work.with(session, history, run);
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception | OutOfMemoryError | StackOverflowError e) {
        throw run == null
            ? failures.problem(e, null, false)
            : failures.problem(e, run.current(), run.isUnfinished());
      }
    }
  }
}
