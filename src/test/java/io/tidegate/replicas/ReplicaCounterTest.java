package io.tidegate.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.replicas.ReplicaCount.AtLeast;
import io.tidegate.replicas.ReplicaCount.Exactly;
import io.tidegate.replicas.ReplicaCount.Unknown;
import io.tidegate.replicas.ReplicaCount.UpTo;
import io.tidegate.replicas.ReplicaSources.DeclaredReplicas;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaCounterTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void a_declared_number_is_exact_and_names_what_declared_it() throws Exception {
    assertThat(replicaCounter(settings(3, null, Map.of("TIDEGATE_REPLICAS", "3"))).count())
        .isEqualTo(new Exactly(3, "declared by TIDEGATE_REPLICAS"));
    assertThat(replicaCounter(settings(3, null, Map.of())).count())
        .isEqualTo(new Exactly(3, "declared by the setting tidegate.replicas"));
  }

  @Test
  void nothing_declared_is_unknown() throws Exception {
    assertThat(replicaCounter(settings(null, null, Map.of())).count()).isInstanceOf(Unknown.class);
  }

  @Test
  void addresses_behind_a_name_are_a_lower_bound() throws Exception {
    assertThat(replicaCounter("10.0.0.1", "10.0.0.2", "10.0.0.2").count())
        .isEqualTo(new AtLeast(2, "seen as addresses of tasks.web"));
  }

  @Test
  void a_replica_with_two_address_families_is_one() throws Exception {
    assertThat(replicaCounter("10.0.0.1", "fd00::1").count())
        .isEqualTo(new AtLeast(1, "seen as addresses of tasks.web"));
  }

  @Test
  void a_name_without_an_address_is_unknown() throws Exception {
    ReplicaSettings settings = settings(null, "tasks.web", Map.of());
    DnsReplicas.Lookup none =
        name -> {
          throw new UnknownHostException(name);
        };
    assertThat(replicaCounter(settings, none, LONG).count())
        .isEqualTo(new Unknown("the DNS name tasks.web has no address"));
  }

  @Test
  void a_resolver_that_does_not_answer_is_not_waited_for() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    DnsReplicas.Lookup silent =
        name -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new InetAddress[0];
        };
    try {
      assertThat(
              replicaCounter(settings(null, "tasks.web", Map.of()), silent, Duration.ofMillis(20))
                  .count())
          .isEqualTo(new Unknown("DNS gave no answer for tasks.web within 20 ms"));
    } finally {
      never.countDown();
    }
  }

  @Test
  void the_real_resolver_is_asked() throws Exception {
    assertThat(new DnsReplicas(settings(null, "127.0.0.1", Map.of())).count())
        .contains(new AtLeast(1, "seen as addresses of 127.0.0.1"));
  }

  @Test
  void what_was_seen_overrides_a_smaller_declaration_and_says_so() throws Exception {
    ReplicaSettings settings = settings(1, "tasks.web", Map.of("TIDEGATE_REPLICAS", "1"));
    assertThat(replicaCounter(settings, addresses("10.0.0.1", "10.0.0.2"), LONG).count())
        .isEqualTo(
            new AtLeast(
                2,
                "seen as addresses of tasks.web, more than the 1 declared by TIDEGATE_REPLICAS"));
  }

  @Test
  void a_larger_declaration_stands() throws Exception {
    ReplicaSettings settings = settings(5, "tasks.web", Map.of("TIDEGATE_REPLICAS", "5"));
    assertThat(replicaCounter(settings, addresses("10.0.0.1", "10.0.0.2"), LONG).count())
        .isEqualTo(new Exactly(5, "declared by TIDEGATE_REPLICAS"));
  }

  @ParameterizedTest
  @CsvSource({
    "NOMAD_ALLOC_INDEX, 0, 0",
    "NOMAD_ALLOC_INDEX, 1, 2",
    "NOMAD_ALLOC_INDEX, 4, 5",
    "SWARM_TASK_SLOT, 1, 0",
    "SWARM_TASK_SLOT, 2, 2",
    "SWARM_TASK_SLOT, {{.Task.Slot}}, 0",
    "SWARM_TASK_SLOT, 99999999999, 0"
  })
  void an_index_above_the_first_proves_replicas(String variable, String value, int atLeast)
      throws Exception {
    ReplicaCount count = replicaCounter(settings(null, null, Map.of(variable, value))).count();
    if (atLeast == 0) {
      assertThat(count).isInstanceOf(Unknown.class);
    } else {
      assertThat(count)
          .isEqualTo(new AtLeast(atLeast, "proven by %s=%s".formatted(variable, value)));
    }
  }

  @Test
  void sources_are_ordered_by_trust_and_a_reason_for_not_knowing_is_kept() throws Exception {
    ReplicaSource api = source(100, new Unknown("the API refused"));
    ReplicaSource dns = source(300, new AtLeast(2, "seen"));
    assertThat(new ReplicaCounter(List.of(dns, api)).count()).isEqualTo(new AtLeast(2, "seen"));
    assertThat(new ReplicaCounter(List.of(api)).count()).isEqualTo(new Unknown("the API refused"));
    assertThat(new ReplicaCounter(List.of(dns, source(200, new Exactly(2, "said")))).count())
        .isEqualTo(new Exactly(2, "said"));
  }

  @Test
  void number_that_was_counted_just_now_is_taken_again() throws Exception {
    List<ReplicaCount> counts =
        new ArrayList<>(List.of(new Exactly(2, "said"), new Exactly(3, "said")));
    ReplicaCounter replicaCounter = new ReplicaCounter(List.of(source(100, counts::removeFirst)));
    assertThat(replicaCounter.count(LONG)).isEqualTo(new Exactly(2, "said"));
    assertThat(replicaCounter.count(LONG)).isEqualTo(new Exactly(2, "said"));
    assertThat(replicaCounter.count(Duration.ZERO)).isEqualTo(new Exactly(3, "said"));
  }

  @Test
  void what_could_not_be_counted_is_asked_for_again() throws Exception {
    List<ReplicaCount> counts =
        new ArrayList<>(List.of(new Unknown("no answer"), new Exactly(3, "said")));
    ReplicaCounter replicaCounter = new ReplicaCounter(List.of(source(100, counts::removeFirst)));
    assertThat(replicaCounter.count(LONG)).isEqualTo(new Unknown("no answer"));
    assertThat(replicaCounter.count(LONG)).isEqualTo(new Exactly(3, "said"));
  }

  @Test
  void servers_are_asked_each_time_and_only_once_they_are_ready() throws Exception {
    List<ReplicaCount> api = new ArrayList<>(List.of(new Exactly(1, "declared")));
    List<ReplicaCount> sessions =
        new ArrayList<>(List.of(new AtLeast(2, "seen"), new AtLeast(3, "seen")));
    ReplicaCounter replicaCounter =
        new ReplicaCounter(
            List.of(source(200, api::removeFirst)), List.of(source(600, sessions::removeFirst)));
    assertThat(replicaCounter.count(LONG)).isEqualTo(new Exactly(1, "declared"));
    assertThat(replicaCounter.countWithSessions(LONG))
        .isEqualTo(new AtLeast(2, "seen, more than the 1 declared"));
    assertThat(replicaCounter.countWithSessions(LONG))
        .isEqualTo(new AtLeast(3, "seen, more than the 1 declared"));
  }

  @Test
  void a_bound_gives_way_to_a_number_that_it_does_not_contradict() throws Exception {
    ReplicaSource nodes = source(100, new AtLeast(3, "on nodes"));
    assertThat(new ReplicaCounter(List.of(nodes, source(200, new Exactly(4, "declared")))).count())
        .isEqualTo(new Exactly(4, "declared"));
    assertThat(new ReplicaCounter(List.of(nodes, source(200, new Exactly(2, "declared")))).count())
        .isEqualTo(new AtLeast(3, "on nodes, more than the 2 declared"));
  }

  @Test
  void what_was_seen_before_the_answers_ended_overrides_a_smaller_number_and_makes_none()
      throws Exception {
    Unknown half = new Unknown("may not list the rest", new AtLeast(3, "in Kubernetes"));
    ReplicaSource api = source(100, half);
    assertThat(new ReplicaCounter(List.of(api)).count()).isEqualTo(half);
    assertThat(new ReplicaCounter(List.of(api, source(200, new Exactly(1, "declared")))).count())
        .isEqualTo(new AtLeast(3, "in Kubernetes, more than the 1 declared"));
    assertThat(new ReplicaCounter(List.of(api, source(200, new Exactly(3, "declared")))).count())
        .isEqualTo(new Exactly(3, "declared"));
  }

  @Test
  void the_most_trusted_number_keeps_its_source_and_its_surge() throws Exception {
    Exactly one = new Exactly(1, "in Kubernetes", 1);
    assertThat(
            new ReplicaCounter(List.of(source(200, new Exactly(1, "declared")), source(100, one)))
                .count())
        .isEqualTo(one);
  }

  @Test
  void a_range_counts_by_its_end() throws Exception {
    ReplicaCount range = new UpTo(5, "in Kubernetes");
    assertThat(
            new ReplicaCounter(List.of(source(100, range), source(200, new Exactly(2, "declared"))))
                .count())
        .isEqualTo(range);
  }

  private static ReplicaSource source(int order, ReplicaCount count) {
    return source(order, () -> count);
  }

  private static ReplicaSource source(int order, Supplier<ReplicaCount> count) {
    return new ReplicaSource() {
      @Override
      public int order() {
        return order;
      }

      @Override
      public Optional<ReplicaCount> count() {
        return Optional.of(count.get());
      }
    };
  }

  private static ReplicaSettings settings(
      @Nullable Integer replicas, @Nullable String dns, Map<String, String> environment) {
    return new ReplicaSettings(replicas, dns, Path.of("/nowhere"), environment);
  }

  private static ReplicaCounter replicaCounter(String... addresses) {
    return replicaCounter(settings(null, "tasks.web", Map.of()), addresses(addresses), LONG);
  }

  private static ReplicaCounter replicaCounter(ReplicaSettings settings) {
    return replicaCounter(settings, addresses(), LONG);
  }

  private static ReplicaCounter replicaCounter(
      ReplicaSettings settings, DnsReplicas.Lookup lookup, Duration timeout) {
    return new ReplicaCounter(
        List.of(
            new IndexReplicas(settings),
            new DnsReplicas(settings, lookup, timeout),
            new DeclaredReplicas(settings)));
  }

  private static DnsReplicas.Lookup addresses(String... addresses) {
    return name -> {
      List<InetAddress> found = new ArrayList<>();
      for (String address : addresses) {
        found.add(InetAddress.getByName(address));
      }
      return found.toArray(InetAddress[]::new);
    };
  }
}
