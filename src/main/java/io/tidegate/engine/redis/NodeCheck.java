package io.tidegate.engine.redis;

import io.tidegate.engine.network.Deadline;
import io.tidegate.engine.redis.RedisAttemptRunner.NotReadyException;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.Target.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks one server: INFO tells its state, PING whether it takes writes, and a look for a key
 * whether it answers queries.
 *
 * @see <a href="https://redis.io/docs/latest/commands/info/">Redis: INFO</a>
 */
final class NodeCheck {
  /** No matter whether there is such a key: what counts is that the server has looked. */
  private static final String KEY = "tidegate";

  private NodeCheck() {}

  /** What answered, for people. */
  static String check(Node node, Role role, Deadline deadline) throws NotReadyException {
    Info info =
        switch (node.run(deadline, "INFO")) {
          case Reply.Value value -> Info.parse(value.text());
          case Reply.Refused refused when refused.isForbidden() -> Info.parse("");
          case Reply.Refused refused -> throw refused(node, refused);
        };
    loaded(node, info);
    String actual = info.isEmpty() ? roleByHello(node, deadline) : info.get("role");
    inRole(node, info, actual, role);
    boolean pinged = answers(node, node.run(deadline, "PING"));
    boolean looked = answers(node, node.run(deadline, "EXISTS", KEY));
    if (!pinged && !looked) {
      throw new NotReadyException(
          new Wrong(
              Reason.CREDENTIALS,
              "the user may neither PING nor read on %s, so that nothing tells whether it is ready"
                  .formatted(node.address())));
    }
    String word = actual == null ? "role unknown" : actual.equals("slave") ? "replica" : "primary";
    return "%s, %s%s"
        .formatted(info.product(), word, info.isEmpty() ? " (its user may not ask INFO)" : "");
  }

  private static void loaded(Node node, Info info) throws NotReadyException {
    if (info.isSentinel()) {
      throw new NotReadyException(
          new Wrong(Reason.UNSUITABLE, node.address() + " is a Sentinel and holds no data"));
    }
    if (info.is("loading", "1")) {
      String done = info.get("loading_loaded_perc");
      throw starting(
          node, "is loading its data" + (done == null ? "" : ", %s %% done".formatted(done)));
    }
    if (info.is("async_loading", "1")) {
      throw starting(node, "is a replica that is loading a new copy of the data");
    }
  }

  private static void inRole(Node node, Info info, @Nullable String actual, Role role)
      throws NotReadyException {
    if (actual == null || actual.equals("master")) {
      return;
    }
    if (role == Role.PRIMARY) {
      throw new NotReadyException(
          new NotYet(Reason.ROLE, node.address() + " is a replica, and a primary is required"));
    }
    if (info.is("master_link_status", "down")) {
      throw starting(node, "is a replica without a link to its primary");
    }
  }

  /** HELLO needs no right. A server before Redis 6 does not know it. */
  private static @Nullable String roleByHello(Node node, Deadline deadline)
      throws NotReadyException {
    if (node.run(deadline, "HELLO") instanceof Reply.Value(List<@Nullable Object> elements)) {
      int at = elements.indexOf("role");
      if (at >= 0 && at + 1 < elements.size()) {
        return "master".equals(elements.get(at + 1)) ? "master" : "slave";
      }
    }
    return null;
  }

  /** A server that loads refuses a command that it would not let the user run all the same. */
  private static boolean answers(Node node, Reply reply) throws NotReadyException {
    return switch (reply) {
      case Reply.Value _ -> true;
      case Reply.Refused refused when refused.isForbidden() -> false;
      case Reply.Refused refused when refused.message().startsWith("MOVED") -> true;
      case Reply.Refused refused -> throw refused(node, refused);
    };
  }

  static NotReadyException refused(Node node, Reply.Refused refused) {
    return new NotReadyException(RedisFaults.refused(refused.message(), node.address()));
  }

  private static NotReadyException starting(Node node, String what) {
    return new NotReadyException(new NotYet(Reason.STARTING, node.address() + " " + what));
  }

  /** The lines {@code name:value} of INFO or CLUSTER INFO. */
  record Info(Map<String, String> lines) {

    static Info parse(String text) {
      Map<String, String> lines = new HashMap<>();
      text.lines()
          .forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.startsWith("#")) {
              lines.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
          });
      return new Info(Map.copyOf(lines));
    }

    @Nullable String get(String name) {
      return lines.get(name);
    }

    boolean is(String name, String value) {
      return value.equals(lines.get(name));
    }

    boolean isEmpty() {
      return lines.isEmpty();
    }

    /** Whether it is a Sentinel, which Valkey says under another name. */
    boolean isSentinel() {
      return is("redis_mode", "sentinel") || is("server_mode", "sentinel");
    }

    /** Whether CONFIG GET takes several names at once: Valkey, and Redis since 7. */
    boolean takesSeveralParameters() {
      String redis = lines.getOrDefault("redis_version", "");
      return get("valkey_version") != null || redis.matches("([7-9]|[1-9]\\d+)\\..*");
    }

    /** What it is, for people: {@code Redis 7.0.15}. */
    String product() {
      String valkey = get("valkey_version");
      if (valkey != null) {
        return "Valkey " + valkey;
      }
      String redis = get("redis_version");
      return redis == null ? "Redis" : "Redis " + redis;
    }
  }
}
