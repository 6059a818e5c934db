package io.tidegate.engine.mongodb;

import com.mongodb.MongoException;
import com.mongodb.MongoTimeoutException;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Probes one target. The driver waits for a server until time runs out, whatever the reason; the
 * probe looks at what the driver's monitors saw meanwhile and ends as soon as there is a reason.
 */
final class MongoProbe implements Probe {
  /** How often the monitors are looked at while the driver waits. */
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Target target;
  private final ProbeMode mode;
  private final ReadinessCommand question;
  private final AtomicReference<@Nullable ProbeClient> current = new AtomicReference<>();
  private volatile boolean closed;

  /**
   * That of the last attempt. A name is looked up for as long as it takes, and then there is a client:
   * a second attempt beside it would make a second one, which nobody closes.
   */
  private @Nullable Thread worker;

  private MongoProbe(Target target, ProbeMode mode, ReadinessCommand question) {
    this.target = target;
    this.mode = mode;
    this.question = question;
  }

  /** Checks the settings before anything is started. */
  static MongoProbe of(Target target, ProbeMode mode) {
    return new MongoProbe(target, mode, ReadinessCommand.of(target));
  }

  @Override
  public ProbeResult attempt(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    Thread former = worker;
    if (former != null && !former.join(timeout)) {
      return new NotYet(Reason.NO_ANSWER, "an earlier attempt still waits for an answer");
    }
    CompletableFuture<ProbeResult> work = new CompletableFuture<>();
    worker =
        Thread.ofVirtual()
            .name("mongodb-" + target.name())
            .start(() -> {
              try {
                work.complete(question.ask(client(), target));
              } catch (RuntimeException | Error | SSLException e) {
                work.completeExceptionally(e);
              }
            });
    boolean ended = false;
    try {
      ProbeResult result = outcome(work, end);
      ended = work.isDone();
      return result;
    } finally {
      if (!ended && current.get() != null) {
        // The driver turns an interruption into an end of its waiting. Where there is no client
        // yet,
        // names are looked up: that ends by itself, and only spins if it is interrupted.
        worker.interrupt();
      }
    }
  }

  /** The answer, or why there is none as soon as the monitors know. */
  private ProbeResult outcome(CompletableFuture<ProbeResult> work, long end)
      throws InterruptedException {
    while (!closed) {
      long left = end - System.nanoTime();
      try {
        return work.get(Math.min(Math.max(left, 0), LOOK.toNanos()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException _) {
        ProbeResult known = seen();
        if (known != null) {
          return known;
        }
        if (left <= 0) {
          return MongoFaults.silent(target.url().toString());
        }
      } catch (ExecutionException e) {
        return failed(e.getCause() == null ? e : e.getCause());
      }
    }
    return new NotYet(Reason.OTHER, "the probe was closed meanwhile");
  }

  private ProbeResult failed(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof io.tidegate.problem.ProblemException problem) {
      throw problem;
    }
    if (thrown instanceof IllegalArgumentException) {
      // Its message could quote the URL.
      return new Wrong(Reason.UNSUITABLE, "the driver does not take the URL or its parameters");
    }
    if (thrown instanceof MongoTimeoutException) {
      ProbeResult known = seen();
      return known != null ? known : MongoFaults.silent(target.url().toString());
    }
    return MongoFaults.of(thrown, target.url().toString());
  }

  /** Why no server can be selected, as far as the monitors know. */
  private @Nullable ProbeResult seen() {
    ProbeClient client = current.get();
    if (client == null) {
      return null;
    }
    boolean abandoned = client.hasNoServer();
    if (abandoned) {
      // The driver never looks at a server again that it has taken out.
      drop(client);
    }
    var reply = client.heartbeats().reply();
    if (reply.isPresent()) {
      String at = reply.get().getKey().toString();
      var known = ReplicaSetRole.of(reply.get().getValue(), target.role(), client.replicaSet(), at);
      if (known.isPresent()) {
        return known.get();
      }
    }
    if (abandoned) {
      // Without one that was taken out it never had any.
      return !client.heartbeats().tookAllOut() && target.url().scheme().endsWith("+srv")
          ? MongoFaults.noServers(target.url().toString())
          : ReplicaSetRole.outside(
              client.heartbeats().memberOf(), client.replicaSet(), target.url().toString());
    }
    return reply.isPresent()
        ? null
        : client
            .heartbeats()
            .failure()
            .map(one -> MongoFaults.of(one.getValue(), one.getKey().toString()))
            .orElse(null);
  }

  private ProbeClient client() throws SSLException {
    ProbeClient client = current.get();
    if (client != null && client.isFor(target)) {
      client.heartbeats().forget();
      return client;
    }
    if (client != null) {
      drop(client);
    }
    ProbeClient made = new ProbeClient(target, mode, target.retryPolicy().attempt(), () -> closed);
    current.set(made);
    if (closed) {
      drop(made);
      throw new MongoException("the probe is closed");
    }
    return made;
  }

  private void drop(ProbeClient client) {
    current.compareAndSet(client, null);
    client.close();
  }

  @Override
  public void close() {
    closed = true;
    ProbeClient client = current.get();
    if (client != null) {
      drop(client);
    }
  }
}
