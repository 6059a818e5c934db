package io.tidegate.engine.mongodb;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.tidegate.engine.mongodb.MigrationRun.Interruption;
import io.tidegate.engine.mongodb.MongoLease.LeaseLostException;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.Migration.Resolvable;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationPlan;
import io.tidegate.migration.MigrationPlan.PlannedChangeset;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.MigrationStatus;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.bson.BsonDocument;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/** One MongoDB target's migration. Each call has a client of its own, closed when it returns. */
final class MongoMigration implements Migration, Resolvable {
  private static final Duration SERVER_SELECTION = Duration.ofSeconds(10);

  /** A look ends where the server falls silent. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(20);

  /**
   * A command that changes something may take as long as it takes: an answer that is not waited for
   * is a command of which nobody knows whether it took effect. See {@link FrozenServerListener}.
   */
  private static final Duration NO_LIMIT = Duration.ZERO;

  private final Target target;
  private final CommandDirectory directory;
  private final MigrationSettings settings;
  private final Duration lease;
  private final Duration heartbeat;
  private final Duration longestSilence;

  /**
   * Does nothing on the server yet.
   *
   * @param lease how long a lease lasts without being renewed
   * @param heartbeat the time between two renewals
   * @param longestSilence how long a server that answers nobody is waited for
   */
  MongoMigration(
      Target target,
      CommandDirectory directory,
      MigrationSettings settings,
      Duration lease,
      Duration heartbeat,
      Duration longestSilence) {
    this.target = target;
    this.directory = directory;
    this.settings = settings;
    this.lease = lease;
    this.heartbeat = heartbeat;
    this.longestSilence = longestSilence;
  }

  @Override
  public MigrationOutcome migrate(MigrationListener listener) throws InterruptedException {
    return onServer(
        NO_LIMIT,
        settings.stopGrace(),
        (database, stop) ->
            new MigrationRun(
                    target.name(),
                    database,
                    directory,
                    new LeaseQueue(
                        target.name(),
                        new MongoLease(database, LeaseOwner.create(), lease),
                        heartbeat,
                        settings.migrationLockWait(),
                        stop),
                    listener,
                    stop)
                .run());
  }

  @Override
  public MigrationStatus status() throws InterruptedException {
    return onServer(
        LONGEST_SILENCE,
        Duration.ZERO,
        (database, stop) ->
            MongoChangelogComparison.of(
                    directory, new MigrationJournal(database).read(), target.name())
                .status(new MongoLease(database, LeaseOwner.create(), lease).holder()));
  }

  @Override
  public MigrationPlan plan() throws InterruptedException {
    return onServer(
        LONGEST_SILENCE,
        Duration.ZERO,
        (database, stop) -> {
          MongoChangelogComparison comparison =
              MongoChangelogComparison.of(
                  directory, new MigrationJournal(database).read(), target.name());
          comparison.refuseChanged();
          comparison.refuseInterrupted();
          return Plan.of(comparison.pending(), comparison.journal());
        });
  }

  @Override
  public List<Interrupted> interrupted() throws InterruptedException {
    return onServer(
        LONGEST_SILENCE,
        Duration.ZERO,
        (database, stop) ->
            new MigrationJournal(database)
                .read().values().stream()
                    .filter(JournalEntry::uncertain)
                    .map(Interruption::of)
                    .toList());
  }

  @Override
  public void resolve(ChangesetId changeset, boolean applied, String reason)
      throws InterruptedException {
    Resolution resolution = new Resolution(target.name(), changeset.path(), applied, reason);
    onServer(
        NO_LIMIT,
        settings.stopGrace(),
        (database, stop) -> {
          LeaseQueue queue =
              new LeaseQueue(
                  target.name(),
                  new MongoLease(database, LeaseOwner.create(), lease),
                  heartbeat,
                  settings.migrationLockWait(),
                  stop);
          try (HeldLease held = queue.take(MigrationListener.NONE)) {
            held.confirm("resolve " + changeset.path());
            resolution.record(new MigrationJournal(database), held);
          }
          return resolution;
        });
  }

  /** Work on the target's database. */
  private interface Work<T> {
    T on(MongoDatabase database, CountDownLatch stop) throws InterruptedException;
  }

  private <T> T onServer(Duration silence, Duration grace, Work<T> work)
      throws InterruptedException {
    FrozenServerListener frozen = new FrozenServerListener(longestSilence);
    try (MongoClient client = MongoConnector.open(target, SERVER_SELECTION, silence, frozen)) {
      MongoDatabase database = client.getDatabase(target.url().path());
      return InterruptShieldedTask.call(
          "mongodb-migration-" + target.name(),
          grace,
          stop -> {
            try {
              return work.on(database, stop);
            } catch (com.mongodb.MongoException e) {
              throw ServerProblems.of(e, target);
            } catch (BsonInvalidOperationException e) {
              throw ServerProblems.unknownRecord(e, target.name());
            } catch (LeaseLostException e) {
              throw ServerProblems.leaseLost(e, target.name());
            }
          });
    }
  }

  /** The commands that would run. */
  private static final class Plan {
    private static final JsonWriterSettings READABLE =
        JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();

    /** Their pwd is a password. */
    private static final Set<String> WITH_PASSWORD = Set.of("createUser", "updateUser");

    private Plan() {}

    static MigrationPlan of(List<MongoChangelogFile> pending, Map<String, JournalEntry> journal) {
      List<PlannedChangeset> planned = new ArrayList<>();
      for (MongoChangelogFile source : pending) {
        StringBuilder text = new StringBuilder();
        CommandFile file = CommandFile.read(source);
        JournalEntry entry = journal.get(source.name());
        int done = entry == null ? 0 : entry.done();
        text.append("// ").append(file.name());
        if (done > 0) {
          text.append(", from command ").append(done + 1).append(" of ").append(file.size());
        }
        text.append('\n');
        for (BsonDocument command : file.commands().subList(done, file.size())) {
          text.append(masked(command).toJson(READABLE)).append('\n');
        }
        planned.add(
            new PlannedChangeset(MongoChangelogComparison.pending(source, file), text.toString()));
      }
      return new MigrationPlan("", planned);
    }

    private static BsonDocument masked(BsonDocument command) {
      if (!WITH_PASSWORD.contains(command.getFirstKey()) || !command.containsKey("pwd")) {
        return command;
      }
      return command.clone().append("pwd", new BsonString("***"));
    }
  }

  /** What a person found out about an interrupted changeset. */
  static final class Resolution {
    private final String target;
    private final String changeset;
    private final boolean applied;
    private final String reason;

    /**
     * Checks the reason.
     *
     * @throws ProblemException with exit 64 if there is none
     */
    Resolution(String target, String changeset, boolean applied, String reason) {
      this.target = target;
      this.changeset = changeset;
      this.applied = applied;
      this.reason = reason;
      if (reason.isBlank()) {
        throw refused("no reason is given", "Say with --reason how this is known");
      }
    }

    /** Writes it into the journal, as the lease's holder. */
    void record(MigrationJournal journal, HeldLease held) {
      JournalEntry entry = journal.read(changeset);
      if (entry == null || !entry.uncertain()) {
        throw refused(
            "changeset %s was not interrupted".formatted(changeset),
            "See tidegate status for those that were");
      }
      if (!journal.resolve(entry, applied, reason, held.token(), held.owner())) {
        throw refused("changeset %s went on just now".formatted(changeset), "See tidegate status");
      }
    }

    private ProblemException refused(String what, String remedy) {
      return new ProblemException(new Problem(ExitCode.USAGE, what, "target " + target, remedy));
    }
  }
}
