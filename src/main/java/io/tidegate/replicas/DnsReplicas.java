package io.tidegate.replicas;

import io.tidegate.replicas.ReplicaCount.AtLeast;
import io.tidegate.replicas.ReplicaCount.Unknown;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The number of addresses behind a DNS name: Swarm's {@code tasks.web}, a headless service, a Compose
 * service; on some platforms a name that is made of their variables. A lower bound: replicas that are not healthy or not started have no address yet.
 */
final class DnsReplicas implements ReplicaSource {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final ReplicaSettings settings;
  private final Lookup lookup;
  private final Duration timeout;

  /** Looks a name up. */
  interface Lookup {
    InetAddress[] addresses(String name) throws UnknownHostException;
  }

  DnsReplicas(ReplicaSettings settings) {
    this(settings, InetAddress::getAllByName, TIMEOUT);
  }

  DnsReplicas(ReplicaSettings settings, Lookup lookup, Duration timeout) {
    this.settings = settings;
    this.lookup = lookup;
    this.timeout = timeout;
  }

  @Override
  public int order() {
    return 300;
  }

  @Override
  public Optional<ReplicaCount> count() throws InterruptedException {
    Map<String, String> environment = settings.environment();
    Optional<String> name =
        Optional.ofNullable(settings.dns())
            .or(() -> KnownPlatform.of(environment).flatMap(platform -> platform.dns(environment)));
    return name.isEmpty() ? Optional.empty() : Optional.of(count(name.get()));
  }

  private ReplicaCount count(String name) throws InterruptedException {
    CompletableFuture<InetAddress[]> answer = new CompletableFuture<>();
    // The resolver can neither be interrupted nor bounded: its thread is left to end by itself.
    Thread.ofVirtual()
        .name("replicas-dns")
        .start(() -> {
          try {
            answer.complete(lookup.addresses(name));
          } catch (UnknownHostException | RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      InetAddress[] addresses = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new AtLeast(distinct(addresses), "seen as addresses of " + name);
    } catch (ExecutionException e) {
      return new Unknown("the DNS name %s has no address".formatted(name));
    } catch (TimeoutException e) {
      return new Unknown(
          "DNS gave no answer for %s within %d ms".formatted(name, timeout.toMillis()));
    }
  }

  /** With two address families each replica has an address in both: the larger family counts. */
  private static int distinct(InetAddress[] addresses) {
    long all = Arrays.stream(addresses).distinct().count();
    long v4 = Arrays.stream(addresses).distinct().filter(Inet4Address.class::isInstance).count();
    return (int) Math.max(v4, all - v4);
  }
}
