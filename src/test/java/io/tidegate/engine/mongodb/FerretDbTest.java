package io.tidegate.engine.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.servers.MongoWireServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** FerretDB 1 is ready like any other server, and is not migrated: see {@code .ci/ferretdb}. */
@EnabledIfSystemProperty(named = "tidegate.ferretdb", matches = ".+")
class FerretDbTest {
  private static final int AT_ONCE = 8;

  @TempDir private Path directory;
  private MongoWireServer server;
  private MongoClient client;
  private MongoDatabase database;

  @BeforeEach
  void start() {
    server = MongoWireServer.started();
    client = MongoClients.create(server.url(""));
    database = client.getDatabase("app");
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void a_migration_is_refused_by_name_before_anything_is_written() throws Exception {
    Files.writeString(directory.resolve("001.json"), "{\"create\": \"log\"}");
    MongoMigration migration = migration();

    assertThatThrownBy(() -> migration.migrate(MigrationListener.NONE))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.REFUSED))
        .hasMessageContaining("FerretDB 1");
    assertThat(database.listCollectionNames()).isEmpty();
    assertThat(migration.status().pending()).hasSize(1);
    assertThat(migration.plan().text()).contains("{\"create\": \"log\"}");
  }

  /** Why it is refused: should this fail with a later version, that one can be migrated. */
  @Test
  void several_clients_get_what_only_one_may() {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      await()
          .atMost(Duration.ofMinutes(2))
          .pollDelay(Duration.ZERO)
          .until(() -> winners(threads) > 1);
    }
  }

  private long winners(ExecutorService threads) throws Exception {
    database.getCollection("lease").drop();
    database.getCollection("lease").insertOne(new Document("_id", "migration"));
    CyclicBarrier together = new CyclicBarrier(AT_ONCE);
    long winners = 0;
    for (var taken :
        threads.invokeAll(
            IntStream.range(0, AT_ONCE)
                .<java.util.concurrent.Callable<Boolean>>mapToObj(i ->
                    () -> {
                      together.await();
                      return database
                              .getCollection("lease")
                              .findOneAndUpdate(
                                  Filters.exists("owner", false), Updates.set("owner", i))
                          != null;
                    })
                .toList())) {
      winners += taken.get() ? 1 : 0;
    }
    return winners;
  }

  @Test
  void a_lease_is_the_one_document_that_it_is_meant_to_be() {
    MongoLease lease =
        new MongoLease(database, new LeaseOwner("host", 1, "id"), Duration.ofMinutes(1));

    long token = lease.tryTake().orElseThrow();
    assertThat(lease.renew(token, "001.json")).isTrue();
    lease.release(token);

    assertThat(lease.tryTake()).hasValue(token + 1);
    assertThat(database.getCollection(MongoLease.COLLECTION).find())
        .extracting(document -> document.get("_id"))
        .containsExactly("migration");
  }

  private MongoMigration migration() {
    return new MongoMigration(
        MongoTargets.target(server.port(), database.getName(), directory),
        new CommandDirectory(directory),
        new MigrationSettings(
            Duration.ofSeconds(30), Duration.ofSeconds(5), null, Duration.ofSeconds(20)),
        MongoMigrator.LEASE,
        MongoMigrator.LEASE.dividedBy(3),
        MigrationSettings.LONGEST_SILENCE);
  }
}
