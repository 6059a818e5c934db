package io.tidegate.engine.redis;

import io.tidegate.engine.network.Deadline;
import io.tidegate.engine.redis.NodeCheck.Info;
import io.tidegate.engine.redis.RedisAttemptRunner.NotReadyException;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the primaries behind a URL: the server itself, the one that a Sentinel names, or those that
 * hold a cluster's slots.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/sentinel-clients/">Redis: guidelines
 *     for Sentinel clients</a>
 * @see <a href="https://redis.io/docs/latest/commands/cluster-info/">Redis: CLUSTER INFO</a>
 */
final class Primaries {
  private static final String ALL_SLOTS = "16384";

  private final Target target;
  private final Connector connector;

  Primaries(Target target, Connector connector) {
    this.target = target;
    this.connector = connector;
  }

  /** Their addresses, as the app would be told them. */
  List<HostPort> find(Deadline deadline) throws NotReadyException {
    if (RedisUrl.isSentinel(target)) {
      return List.of(ofAny(deadline, this::bySentinel).getFirst());
    }
    return RedisUrl.isCluster(target)
        ? ofAny(deadline, this::byCluster)
        : List.of(target.url().host());
  }

  private interface Question {
    List<HostPort> ask(HostPort address, Deadline deadline) throws NotReadyException;
  }

  /** The first answer of any of the URL's hosts; else the most telling of their failures. */
  private List<HostPort> ofAny(Deadline deadline, Question question) throws NotReadyException {
    List<HostPort> hosts = target.url().hosts();
    ProbeResult worst = null;
    for (int i = 0; i < hosts.size(); i++) {
      // A host that stays silent must leave time for the others.
      Deadline share = Deadline.in(deadline.left().dividedBy(hosts.size() - i));
      try {
        return question.ask(hosts.get(i), share);
      } catch (NotReadyException e) {
        worst = worst == null || isPlain(worst) ? e.result() : worst;
      }
    }
    throw new NotReadyException(Objects.requireNonNull(worst, "a URL has a host"));
  }

  private static boolean isPlain(@Nullable ProbeResult result) {
    return result instanceof NotYet(Reason reason, String _)
        && (reason == Reason.UNREACHABLE || reason == Reason.NO_ANSWER);
  }

  private List<HostPort> bySentinel(HostPort address, Deadline deadline) throws NotReadyException {
    Reply reply = askSentinel(address, deadline, false);
    if (reply instanceof Reply.Refused refused && refused.message().startsWith("NOAUTH")) {
      reply = askSentinel(address, deadline, true);
    }
    return switch (reply) {
      case Reply.Refused(String message) ->
          throw new NotReadyException(
              message.startsWith("ERR unknown command")
                  ? new Wrong(Reason.UNSUITABLE, address + " is no Sentinel")
                  : RedisFaults.refused(message, address));
      case Reply.Value(List<@Nullable Object> found) when found.size() == 2 ->
          List.of(
              new HostPort(
                  String.valueOf(found.getFirst()),
                  Integer.parseInt(String.valueOf(found.getLast()))));
      case Reply.Value _ ->
          throw new NotReadyException(
              new Wrong(
                  Reason.UNSUITABLE,
                  "Sentinel %s knows no primary named %s"
                      .formatted(address, RedisUrl.primaryName(target))));
    };
  }

  private Reply askSentinel(HostPort address, Deadline deadline, boolean authenticate)
      throws NotReadyException {
    try (Node node = connector.connectToSentinel(address, deadline, authenticate)) {
      return node.run(
          deadline, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", RedisUrl.primaryName(target));
    }
  }

  private List<HostPort> byCluster(HostPort address, Deadline deadline) throws NotReadyException {
    try (Node node = connector.connect(address, deadline)) {
      Info info = Info.parse(value(node, node.run(deadline, "CLUSTER", "INFO")).text());
      if (!info.is("cluster_state", "ok")) {
        throw new NotReadyException(
            new NotYet(
                Reason.STARTING,
                "the cluster's state is not ok, as %s sees it".formatted(address)));
      }
      String covered = info.get("cluster_slots_ok");
      if (!ALL_SLOTS.equals(covered)) {
        throw new NotReadyException(
            new NotYet(
                Reason.STARTING,
                "the cluster serves %s of its %s slots".formatted(covered, ALL_SLOTS)));
      }
      return holders(value(node, node.run(deadline, "CLUSTER", "SLOTS")), address);
    }
  }

  private static Reply.Value value(Node node, Reply reply) throws NotReadyException {
    return switch (reply) {
      case Reply.Value value -> value;
      case Reply.Refused(String message) ->
          throw new NotReadyException(
              message.contains("cluster support disabled")
                  ? new Wrong(Reason.UNSUITABLE, node.address() + " is no member of a cluster")
                  : RedisFaults.refused(message, node.address()));
    };
  }

  /** Each entry: first slot, last slot, the primary (host, port, id), its replicas. */
  private static List<HostPort> holders(Reply.Value slots, HostPort asked) {
    List<HostPort> primaries = new ArrayList<>();
    for (Object entry : slots.elements()) {
      if (entry instanceof List<?> range
          && range.size() > 2
          && range.get(2) instanceof List<?> primary) {
        String host = Objects.toString(primary.getFirst(), "");
        // An empty host means the one that was asked.
        HostPort found =
            new HostPort(
                host.isEmpty() ? asked.host() : host,
                Integer.parseInt(String.valueOf(primary.get(1))));
        if (!primaries.contains(found)) {
          primaries.add(found);
        }
      }
    }
    return primaries;
  }
}
