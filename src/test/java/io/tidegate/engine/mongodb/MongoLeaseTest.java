package io.tidegate.engine.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.tidegate.servers.MongoWireServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MongoLeaseTest {

  @Test
  void goes_to_another_once_it_has_run_out_and_never_back() {
    try (MongoWireServer server = MongoWireServer.startedWithAtomicUpdates();
        MongoClient client = MongoClients.create(server.url(""))) {
      MongoDatabase database = client.getDatabase("lease");
      MongoLease first = lease(database, "first", Duration.ofSeconds(10));
      MongoLease second = lease(database, "second", Duration.ofSeconds(30));

      long old = first.tryTake().orElseThrow();
      assertThat(second.tryTake()).isEmpty();
      assertThat(first.renew(old, "001.json")).isTrue();
      assertThat(second.holder())
          .satisfies(holder ->
              assertThat(holder)
                  .extracting("who", "work")
                  .containsExactly("host first, process 1", "001.json"));
      Optional<Long> token =
          await().atMost(Duration.ofMinutes(2)).until(second::tryTake, Optional::isPresent);

      assertThat(token.orElseThrow()).isGreaterThan(old);
      assertThat(first.renew(old, null)).isFalse();
      first.release(old);
      assertThat(first.tryTake()).isEmpty();
      assertThat(second.renew(token.orElseThrow(), null)).isTrue();
      second.release(token.orElseThrow());
      assertThat(second.holder()).isNull();
      assertThat(first.tryTake().orElseThrow()).isGreaterThan(token.orElseThrow());
    }
  }

  /** What the holder wrote last is hours ahead of the server's clock then. */
  @Test
  void of_a_dead_holder_runs_out_in_time_where_the_server_s_clock_was_set_back() {
    try (MongoWireServer server = MongoWireServer.startedWithAtomicUpdates();
        MongoClient client = MongoClients.create(server.url(""))) {
      MongoDatabase database = client.getDatabase("lease");
      assertThat(lease(database, "dead", Duration.ofSeconds(4)).tryTake()).isPresent();
      Instant ahead = Instant.now().plus(Duration.ofHours(6));
      database
          .getCollection(MongoLease.COLLECTION)
          .updateOne(Filters.exists("owner"), Updates.set("renewedAt", ahead));
      MongoLease next = lease(database, "next", Duration.ofSeconds(30));

      assertThat(next.tryTake()).isEmpty();
      await().atMost(Duration.ofMinutes(1)).until(next::tryTake, Optional::isPresent);
    }
  }

  private static MongoLease lease(MongoDatabase database, String host, Duration length) {
    return new MongoLease(database, new LeaseOwner(host, 1, host), length);
  }
}
