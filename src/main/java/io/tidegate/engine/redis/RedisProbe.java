package io.tidegate.engine.redis;

import io.tidegate.engine.network.Deadline;
import io.tidegate.engine.redis.RedisAttemptRunner.NotReadyException;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.Reason;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Role;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Probes the servers of one target. */
final class RedisProbe implements Probe {
  /** How long a connection is kept in watch before a new one has to be accepted. */
  private static final Duration RENEWAL = Duration.ofSeconds(15);

  private final Target target;
  private final ProbeMode mode;
  private final @Nullable List<String> query;
  private final Connector connector;
  private final Primaries primaries;
  private final RedisAttemptRunner attempts;
  private final Object lock = new Object();
  private @Nullable Node kept;
  private long keptSince;
  private boolean closed;

  private RedisProbe(
      Target target, ProbeMode mode, @Nullable List<String> query, @Nullable String sessionName) {
    this.target = target;
    this.mode = mode;
    this.query = query;
    this.connector = new Connector(target, sessionName);
    this.primaries = new Primaries(target, connector);
    this.attempts = new RedisAttemptRunner(target);
  }

  /**
   * Checks the settings before anything is started.
   *
   * @param sessionName the name of its sessions; null: none
   */
  static RedisProbe of(Target target, ProbeMode mode, @Nullable String sessionName) {
    if (RedisUrl.isSentinel(target)) {
      RedisUrl.primaryName(target);
    }
    String query = target.readinessQuery();
    return new RedisProbe(
        target, mode, query == null ? null : ReadinessQueryWords.words(target, query), sessionName);
  }

  @Override
  public ProbeResult attempt(Duration timeout) throws InterruptedException {
    return attempts.run(
        deadline ->
            new ProbeResult.Ready(
                RedisUrl.isCluster(target) || RedisUrl.isSentinel(target)
                    ? found(deadline)
                    : direct(deadline)),
        timeout);
  }

  /** Asks every primary over the address that clients are sent to. */
  private String found(Deadline deadline) throws NotReadyException {
    List<HostPort> all = primaries.find(deadline);
    String detail = "";
    for (HostPort address : all) {
      try (Node node = connector.connect(address, deadline)) {
        detail = NodeCheck.check(node, Role.PRIMARY, deadline);
        if (address.equals(all.getFirst())) {
          ask(node, deadline);
        }
      }
    }
    return RedisUrl.isCluster(target)
        ? "%s, every slot served by %d primaries".formatted(detail.split(",", 2)[0], all.size())
        : detail + " " + all.getFirst();
  }

  private String direct(Deadline deadline) throws NotReadyException {
    Node node = taken();
    if (node != null && System.nanoTime() - keptSince < RENEWAL.toNanos()) {
      try {
        return direct(node, deadline);
      } catch (NotReadyException e) {
        if (!isLost(e.result())) {
          throw e;
        }
        // It may have been closed for being idle: a new one tells.
      }
    } else if (node != null) {
      node.close();
    }
    keptSince = System.nanoTime();
    return direct(connector.connect(target.url().host(), deadline), deadline);
  }

  private String direct(Node node, Deadline deadline) throws NotReadyException {
    boolean keep = false;
    try {
      String detail = NodeCheck.check(node, target.role(), deadline);
      ask(node, deadline);
      keep = mode == ProbeMode.WATCH && kept(node);
      return detail;
    } finally {
      if (!keep) {
        node.close();
      }
    }
  }

  private @Nullable Node taken() {
    synchronized (lock) {
      Node node = kept;
      kept = null;
      return node;
    }
  }

  private boolean kept(Node node) {
    synchronized (lock) {
      kept = closed ? null : node;
      return !closed;
    }
  }

  private static boolean isLost(ProbeResult result) {
    return result instanceof NotYet(Reason reason, String _) && reason == Reason.UNREACHABLE;
  }

  /** Runs the user's own query, where it is sent to in a cluster. */
  private void ask(Node node, Deadline deadline) throws NotReadyException {
    if (query == null) {
      return;
    }
    Reply reply = node.run(deadline, query);
    if (reply instanceof Reply.Refused(String message)
        && message.startsWith("MOVED ")
        && RedisUrl.isCluster(target)) {
      try (Node owner = connector.connect(moved(message, node.address()), deadline)) {
        reply = owner.run(deadline, query);
      }
    }
    switch (reply) {
      case Reply.Refused refused -> {
        ProbeResult result = RedisFaults.refused(refused.message(), node.address());
        boolean plain = result instanceof NotYet(Reason reason, String _) && reason == Reason.OTHER;
        throw new NotReadyException(
            plain
                ? new NotYet(Reason.QUERY, "the readiness query failed: " + refused.message())
                : result);
      }
      case Reply.Value value -> {
        if (!value.isSomething()) {
          throw new NotReadyException(
              new NotYet(Reason.QUERY, "the readiness query found nothing on " + node.address()));
        }
      }
    }
  }

  /** {@code MOVED 3999 127.0.0.1:6381}; an empty host means the one that was asked. */
  private static HostPort moved(String message, HostPort asked) {
    String address = message.substring(message.lastIndexOf(' ') + 1);
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon);
    return new HostPort(
        host.isEmpty() ? asked.host() : host, Integer.parseInt(address.substring(colon + 1)));
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
    attempts.close();
    Node node = taken();
    if (node != null) {
      node.close();
    }
    connector.close();
  }
}
