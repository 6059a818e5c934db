package io.tidegate.engine.redis;

import io.tidegate.engine.network.Deadline;
import io.tidegate.engine.redis.NodeCheck.Info;
import io.tidegate.engine.redis.RedisAttemptRunner.NotReadyException;
import io.tidegate.secret.Redactor;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Asks what CONFIG, INFO and ACL tell about durability and rights: four commands a server. */
final class RedisFacts {
  private static final List<String> CONFIG =
      List.of("save", "appendonly", "appendfsync", "maxmemory", "maxmemory-policy");

  /** A pattern for these names, and for none that holds a secret, such as masterauth. */
  static final String CONFIG_PATTERN = "[sam][ap][vpx][em]*";

  private static final List<String> INFO =
      List.of(
          "aof_enabled",
          "rdb_last_bgsave_status",
          "rdb_bgsave_in_progress",
          "aof_last_write_status",
          "aof_last_bgrewrite_status",
          "role",
          "connected_slaves",
          "redis_version",
          "valkey_version",
          "maxmemory",
          "maxmemory_policy",
          "os",
          "upstash_version",
          "rlec_version");

  private static final List<String> ACL = List.of("acl_user", "acl_flags", "acl_commands");

  private RedisFacts() {}

  static Facts ask(Target target, Duration timeout) throws InterruptedException {
    Map<String, Fact> told = new ConcurrentHashMap<>();
    ProbeResult result;
    try (Connector connector = new Connector(target);
        RedisAttemptRunner attempts = new RedisAttemptRunner(target)) {
      result =
          attempts.run(
              deadline -> {
                boolean several = RedisUrl.isCluster(target) || RedisUrl.isSentinel(target);
                for (HostPort address : new Primaries(target, connector).find(deadline)) {
                  String prefix = several ? "node." + address + "." : "";
                  ask(connector, address, deadline, told, prefix);
                }
                return new ProbeResult.Ready("told");
              },
              timeout);
    }
    // An attempt that was left behind may still tell something.
    Map<String, Fact> facts = new HashMap<>(told);
    if (!(result instanceof ProbeResult.Ready)) {
      unknown(facts, "", result);
    }
    return new Facts(facts);
  }

  private static void ask(
      Connector connector,
      HostPort address,
      Deadline deadline,
      Map<String, Fact> facts,
      String prefix) {
    try (Node node = connector.connect(address, deadline)) {
      Reply reply = node.run(deadline, "INFO");
      Info info = Info.parse(reply instanceof Reply.Value value ? value.text() : "");
      String refusal =
          reply instanceof Reply.Refused refused ? said(refused) : "INFO does not tell it";
      for (String name : INFO) {
        String value = info.get(name);
        if (value != null) {
          facts.put(prefix + name, new Fact.Known(value));
        }
      }
      unknown(facts, prefix, INFO, refusal);
      config(node, info, deadline, facts, prefix);
      acl(node, deadline, facts, prefix);
    } catch (NotReadyException e) {
      unknown(facts, prefix, e.result());
    }
  }

  /** Who the app is there and what it may do, which Redis tells since version 6. */
  private static void acl(Node node, Deadline deadline, Map<String, Fact> facts, String prefix)
      throws NotReadyException {
    Reply who = node.run(deadline, "ACL", "WHOAMI");
    Reply rights =
        who instanceof Reply.Value user ? node.run(deadline, "ACL", "GETUSER", user.text()) : who;
    if (who instanceof Reply.Value user) {
      facts.put(prefix + "acl_user", new Fact.Known(user.text()));
    }
    switch (rights) {
      case Reply.Value(List<@Nullable Object> pairs) -> {
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
          String name = "acl_" + pairs.get(i);
          if (ACL.contains(name)) {
            facts.put(prefix + name, new Fact.Known(words(pairs.get(i + 1))));
          }
        }
      }
      case Reply.Refused refused -> unknown(facts, prefix, ACL, said(refused));
    }
  }

  private static String words(@Nullable Object value) {
    return value instanceof List<?> list
        ? String.join(" ", list.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }

  /**
   * Several names in one call need Redis 7; before it, or where INFO does not tell the version, a
   * pattern does. Names are better: managed services and servers that only speak the protocol need
   * not know patterns.
   *
   * @see <a href="https://redis.io/docs/latest/commands/config-get/">Redis: CONFIG GET</a>
   */
  private static void config(
      Node node, Info info, Deadline deadline, Map<String, Fact> facts, String prefix)
      throws NotReadyException {
    List<String> command = new ArrayList<>(List.of("CONFIG", "GET"));
    command.addAll(info.takesSeveralParameters() ? CONFIG : List.of(CONFIG_PATTERN));
    switch (node.run(deadline, command)) {
      case Reply.Refused refused -> unknown(facts, prefix, CONFIG, said(refused));
      case Reply.Value(List<@Nullable Object> pairs) -> {
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
          String name = String.valueOf(pairs.get(i));
          if (CONFIG.contains(name)) {
            facts.put(prefix + name, new Fact.Known(String.valueOf(pairs.get(i + 1))));
          }
        }
        unknown(facts, prefix, CONFIG, "CONFIG GET gave nothing");
      }
    }
  }

  private static String said(Reply.Refused refused) {
    return Redactor.redact(refused.message());
  }

  /** What was not learned is unknown, for the reason that ended the asking. */
  private static void unknown(Map<String, Fact> facts, String prefix, ProbeResult result) {
    for (List<String> names : List.of(CONFIG, INFO, ACL)) {
      unknown(facts, prefix, names, result.sentence());
    }
  }

  private static void unknown(
      Map<String, Fact> facts, String prefix, List<String> names, String reason) {
    names.forEach(name -> facts.putIfAbsent(prefix + name, new Fact.Unknown(reason)));
  }
}
