package io.tidegate.engine.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.Relay;
import io.tidegate.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class MongoMigrationTest {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final Duration LONG = Duration.ofSeconds(30);
  private static MongoWireServer server;
  private static MongoClient client;

  @TempDir private Path directory;
  private MongoDatabase database;

  @BeforeAll
  static void start() {
    server = MongoWireServer.startedWithAtomicUpdates();
    client = MongoClients.create(server.url(""));
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  @BeforeEach
  void emptyDatabase() {
    database = client.getDatabase("m" + DATABASES.incrementAndGet());
  }

  @Test
  void applies_files_in_the_order_of_their_names() throws Exception {
    write("002.json", "{\"insert\": \"log\", \"documents\": [{\"_id\": 2}]}");
    write(
        "001.json",
        """
        [{"create": "log"},
         {"createIndexes": "log", "indexes": [{"key": {"at": 1}, "name": "at"}]},
         {"insert": "log", "documents": [{"_id": {"$numberInt": "1"}}]}]\
        """);
    List<String> heard = new ArrayList<>();

    MigrationOutcome outcome = migration(LONG).migrate(listener(heard, id -> {}));

    assertThat(outcome.applied()).isEqualTo(2);
    assertThat(heard).containsExactly("001.json 1/2", "002.json 2/2");
    assertThat(database.getCollection("log").countDocuments()).isEqualTo(2);
    assertThat(migration(LONG).status().pending()).isEmpty();
    assertThat(migration(LONG).status().applied())
        .extracting(applied -> applied.changeset().path())
        .containsExactly("001.json", "002.json");
    assertThat(migration(LONG).status().applied()).allSatisfy(a -> assertThat(a.at()).isNotNull());
    assertThat(migration(LONG).status().holder()).isNull();
    assertThat(migration(LONG).migrate(MigrationListener.NONE).applied()).isZero();
  }

  @Test
  void plan_and_status_change_nothing() throws Exception {
    write("001.json", "[{\"create\": \"a\"}, {\"create\": \"b\"}]");
    write("002.json", "{\"createUser\": \"u\", \"pwd\": \"hunter22\", \"roles\": []}");

    assertThat(migration(LONG).plan().text())
        .isEqualTo(
            """
            // 001.json
            {"create": "a"}
            {"create": "b"}
            // 002.json
            {"createUser": "u", "pwd": "***", "roles": []}
            """);
    assertThat(migration(LONG).status().pending()).hasSize(2);
    assertThat(database.listCollectionNames()).isEmpty();
  }

  @Test
  void eight_at_once_apply_each_changeset_once() throws Exception {
    for (int round = 0; round < 10; round++) {
      emptyDatabase();
      for (int i = 0; i < 5; i++) {
        write("00" + i + ".json", "{\"insert\": \"log\", \"documents\": [{\"file\": " + i + "}]}");
      }
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<MigrationOutcome>> runs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          runs.add(threads.submit(() -> migration(LONG).migrate(MigrationListener.NONE)));
        }
        int applied = 0;
        for (Future<MigrationOutcome> run : runs) {
          applied += run.get(60, TimeUnit.SECONDS).applied();
        }
        assertThat(applied).isEqualTo(5);
      }
      assertThat(database.getCollection("log").countDocuments()).isEqualTo(5);
    }
  }

  @Test
  void a_document_among_its_records_that_it_did_not_write_is_named() throws Exception {
    write("001.json", "{\"create\": \"a\"}");
    database.getCollection("tidegate_journal").insertOne(new Document("note", "not ours"));

    assertThat(failure(migration(LONG)))
        .hasMessageContaining("tidegate_journal holds a document that Tidegate did not write")
        .satisfies(e -> assertThat(e.exit()).isEqualTo(ExitCode.CHANGELOG));
    assertThat(database.listCollectionNames()).containsExactly("tidegate_journal");
  }

  @Test
  @DisabledIfSystemProperty(
      named = "tidegate.ferretdb",
      matches = ".+",
      disabledReason =
          "FerretDB 1 answers the upsert of a key that is there without the driver's n")
  void a_holder_that_slept_over_its_lease_changes_nothing_more() throws Exception {
    write("001.json", "{\"insert\": \"log\", \"documents\": [{\"file\": 1}]}");
    write("002.json", "{\"insert\": \"log\", \"documents\": [{\"file\": 2}]}");
    CountDownLatch asleep = new CountDownLatch(1);
    CountDownLatch wake = new CountDownLatch(1);
    // Its heartbeat never comes: what a stopped process looks like from outside.
    MongoMigration sleeper =
        new MongoMigration(
            target(),
            changelog(),
            settings(LONG),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            LONG);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<MigrationOutcome> sleeping =
          threads.submit(() ->
              sleeper.migrate(
                  listener(
                      new ArrayList<>(),
                      id -> {
                        if (id.equals("002.json")) {
                          asleep.countDown();
                          await(wake);
                        }
                      })));
      await(asleep);
      List<String> heard = new ArrayList<>();
      assertThat(migration(LONG).migrate(listener(heard, id -> {})).applied()).isEqualTo(1);
      assertThat(heard).first().asString().startsWith("waiting for host");
      wake.countDown();

      assertThatThrownBy(() -> sleeping.get(30, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              ProblemException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.LOCKED));
    }
    assertThat(database.getCollection("log").countDocuments()).isEqualTo(2);
    assertThat(migration(LONG).interrupted()).isEmpty();
  }

  @Test
  void a_server_that_falls_silent_under_a_command_is_given_up() throws Exception {
    write("001.json", "{\"create\": \"a\"}");
    write("002.json", "{\"create\": \"b\"}");
    try (Relay relay = new Relay(server.port())) {
      MongoMigration waiting =
          new MongoMigration(
              MongoTargets.target(relay.port(), database.getName(), directory),
              changelog(),
              settings(LONG),
              MongoMigrator.LEASE,
              MongoMigrator.LEASE.dividedBy(3),
              Duration.ofSeconds(10));
      MigrationListener silencing =
          listener(
              new ArrayList<>(),
              id -> {
                if (id.equals("002.json")) {
                  relay.silence();
                }
              });

      assertThatThrownBy(() -> waiting.migrate(silencing))
          .isInstanceOfSatisfying(
              ProblemException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.NOT_READY))
          .hasMessageContaining("it answers nobody any more");
    }
    assertThat(database.listCollectionNames()).contains("a").doesNotContain("b");
  }

  @Test
  void a_lease_that_is_not_free_in_time_is_told_with_its_holder() throws Exception {
    write("001.json", "{\"create\": \"a\"}");
    MongoLease lease = new MongoLease(database, new LeaseOwner("web-7", 42, "x"), LONG);
    long token = lease.tryTake().orElseThrow();

    ProblemException e = failure(migration(Duration.ofMillis(200)));

    assertThat(e.exit()).isEqualTo(ExitCode.LOCKED);
    assertThat(e).hasMessageContaining("host web-7, process 42");
    assertThat(database.listCollectionNames()).doesNotContain("a");
    lease.release(token);
    assertThat(migration(LONG).migrate(MigrationListener.NONE).applied()).isEqualTo(1);
    assertThat(lease.tryTake().orElseThrow()).isGreaterThan(token);
  }

  @Test
  void an_interrupted_changeset_is_named_and_not_run_again() throws Exception {
    interruptedAtItsSecondCommand();

    ProblemException e = failure(migration(LONG));

    assertThat(e.exit()).isEqualTo(ExitCode.CHANGELOG);
    assertThat(e)
        .hasMessageContaining("001.json")
        .hasMessageContaining("command 2 of 3 (insert)")
        .hasMessageContaining("host gone, process 9")
        .hasMessageContaining("tidegate resolve db 001.json");
    assertThat(database.getCollection("log").countDocuments()).isEqualTo(1);
    assertThat(migration(LONG).interrupted())
        .singleElement()
        .satisfies(found -> assertThat(found.what()).isEqualTo("command 2 of 3 (insert)"));
  }

  @Test
  void a_changeset_goes_on_after_a_command_resolved_as_applied() throws Exception {
    interruptedAtItsSecondCommand();
    migration(LONG).resolve(new ChangesetId("001.json", "001.json", ""), true, "I looked");

    assertThat(migration(LONG).migrate(MigrationListener.NONE).applied()).isEqualTo(1);

    assertThat(ids()).containsExactlyInAnyOrder(1, 3);
    Document entry =
        database.getCollection("tidegate_journal").find().into(new ArrayList<>()).getFirst();
    assertThat(entry.getList("resolutions", Document.class))
        .singleElement()
        .satisfies(resolution -> assertThat(resolution).containsEntry("reason", "I looked"));
  }

  @Test
  void a_changeset_goes_on_with_a_command_resolved_as_not_applied() throws Exception {
    interruptedAtItsSecondCommand();
    migration(LONG).resolve(new ChangesetId("001.json", "001.json", ""), false, "I looked");

    assertThat(migration(LONG).migrate(MigrationListener.NONE).applied()).isEqualTo(1);

    assertThat(ids()).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void nothing_is_resolved_that_was_not_interrupted_or_without_a_reason() throws Exception {
    ChangesetId id = new ChangesetId("001.json", "001.json", "");
    assertThatThrownBy(() -> migration(LONG).resolve(id, true, "why"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("was not interrupted");
    assertThatThrownBy(() -> migration(LONG).resolve(id, true, " "))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("no reason");
  }

  @Test
  void a_changeset_that_ended_between_two_commands_just_goes_on() throws Exception {
    interruptedAtItsSecondCommand();
    database
        .getCollection("tidegate_journal")
        .updateOne(Filters.eq("_id", "001.json"), Updates.unset("sent"));

    assertThat(migration(LONG).migrate(MigrationListener.NONE).applied()).isEqualTo(1);

    assertThat(ids()).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void a_file_changed_after_it_ran_is_named_but_white_space_is_free() throws Exception {
    write("001.json", "{\"create\": \"a\"}");
    migration(LONG).migrate(MigrationListener.NONE);
    write("001.json", "{\n  \"create\" : \"a\"\n}");
    assertThat(migration(LONG).migrate(MigrationListener.NONE).alreadyApplied()).isEqualTo(1);

    write("001.json", "{\"create\": \"b\"}");

    ProblemException e = failure(migration(LONG));
    assertThat(e.exit()).isEqualTo(ExitCode.CHANGELOG);
    assertThat(e).hasMessageContaining("001.json").hasMessageContaining("was changed after it ran");
    assertThat(migration(LONG).status().changed()).hasSize(1);
  }

  @Test
  void a_newer_releases_changesets_do_not_stop_an_older_changelog() throws Exception {
    write("001.json", "{\"create\": \"a\"}");
    write("002.json", "{\"create\": \"b\"}");
    migration(LONG).migrate(MigrationListener.NONE);
    Files.delete(directory.resolve("002.json"));

    assertThat(migration(LONG).migrate(MigrationListener.NONE).unexpected()).isEqualTo(1);
    assertThat(migration(LONG).status().unexpected()).hasSize(1);
  }

  @Test
  void a_refused_command_can_be_corrected_and_run_again() throws Exception {
    write("001.json", "[{\"create\": \"a\"}, {\"noSuchCommand\": 1}]");
    ProblemException e = failure(migration(LONG));
    assertThat(e.exit()).isEqualTo(ExitCode.CHANGELOG);
    assertThat(e).hasMessageContaining("command 2 of 2").hasMessageContaining("noSuchCommand");

    write("001.json", "[{\"create\": \"a\"}, {\"create\": \"b\"}]");

    assertThat(migration(LONG).migrate(MigrationListener.NONE).applied()).isEqualTo(1);
    assertThat(database.listCollectionNames()).contains("a", "b");
  }

  @Test
  void write_errors_are_failures_though_the_server_says_ok() throws Exception {
    write("001.json", "{\"insert\": \"log\", \"documents\": [{\"_id\": 1}, {\"_id\": 1}]}");

    assertThat(failure(migration(LONG)))
        .hasMessageContaining("failed, and may have changed something")
        .hasMessageContaining("tidegate resolve db 001.json");

    assertThat(migration(LONG).interrupted()).hasSize(1);
  }

  @Test
  void an_interrupted_run_finishes_its_command_and_frees_the_lease() throws Exception {
    write("001.json", "{\"insert\": \"log\", \"documents\": [{\"file\": 1}]}");
    write("002.json", "{\"insert\": \"log\", \"documents\": [{\"file\": 2}]}");
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    MigrationListener pausing =
        listener(
            new ArrayList<>(),
            id -> {
              inside.countDown();
              await(go);
            });
    AtomicInteger interrupted = new AtomicInteger();
    Thread run =
        Thread.ofPlatform()
            .start(() -> {
              try {
                migration(LONG).migrate(pausing);
              } catch (InterruptedException e) {
                interrupted.incrementAndGet();
              }
            });
    await(inside);
    run.interrupt();
    go.countDown();
    assertThat(run.join(Duration.ofSeconds(30))).isTrue();

    assertThat(interrupted).hasValue(1);
    assertThat(migration(LONG).status().holder()).isNull();
    assertThat(migration(LONG).interrupted()).isEmpty();
    migration(LONG).migrate(MigrationListener.NONE);
    assertThat(database.getCollection("log").countDocuments()).isEqualTo(2);
  }

  /** What a process leaves that is killed while its second of three commands runs. */
  private void interruptedAtItsSecondCommand() throws IOException {
    write(
        "001.json",
        """
        [{"insert": "log", "documents": [{"_id": 1}]},
         {"insert": "log", "documents": [{"_id": 2}]},
         {"insert": "log", "documents": [{"_id": 3}]}]\
        """);
    LeaseOwner owner = new LeaseOwner("gone", 9, "x");
    MigrationJournal journal = new MigrationJournal(database);
    CommandFile file = CommandFile.read(changelog().files().getFirst());
    assertThat(journal.begin(file, 1, owner)).isTrue();
    database.runCommand(BsonDocument.parse(file.commands().getFirst().toJson()));
    assertThat(journal.done(file, 1, 0)).isTrue();
    assertThat(journal.sending(file, 1, 1)).isTrue();
  }

  private List<Integer> ids() {
    return database
        .getCollection("log")
        .find()
        .map(d -> d.getInteger("_id"))
        .into(new ArrayList<>());
  }

  private static ProblemException failure(MongoMigration migration) {
    ProblemException e =
        catchThrowableOfType(
            ProblemException.class, () -> migration.migrate(MigrationListener.NONE));
    assertThat(e).isNotNull();
    return e;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MigrationListener listener(
      List<String> heard, java.util.function.Consumer<String> onStart) {
    return new MigrationListener() {
      @Override
      public void waiting(LockHolder holder) {
        heard.add("waiting for " + holder.who());
      }

      @Override
      public void started(ChangesetId changeset, int number, int of) {
        heard.add("%s %d/%d".formatted(changeset.path(), number, of));
        onStart.accept(changeset.path());
      }

      @Override
      public void applied(ChangesetId changeset, Duration took) {}
    };
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content);
  }

  private CommandDirectory changelog() {
    return new CommandDirectory(directory);
  }

  private Target target() {
    return MongoTargets.target(server.port(), database.getName(), directory);
  }

  private static MigrationSettings settings(Duration lockWait) {
    return new MigrationSettings(lockWait, Duration.ofSeconds(5), null, Duration.ofSeconds(20));
  }

  private MongoMigration migration(Duration lockWait) {
    return new MongoMigration(
        target(),
        changelog(),
        settings(lockWait),
        MongoMigrator.LEASE,
        MongoMigrator.LEASE.dividedBy(3),
        MigrationSettings.LONGEST_SILENCE);
  }
}
