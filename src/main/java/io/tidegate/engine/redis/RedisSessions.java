package io.tidegate.engine.redis;

import io.tidegate.replicas.SessionReplicas.Sessions;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/**
 * The named sessions on one server.
 *
 * @see <a href="https://redis.io/docs/latest/commands/client-list/">Redis: CLIENT LIST</a>
 */
record RedisSessions(Target target) implements Sessions {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** The name of a session that was heard within 99 seconds, in a line of CLIENT LIST. */
  private static final Pattern SESSION = Pattern.compile(" name=(\\S+) .*?idle=[0-9]{1,2} ");

  @Override
  public Collection<String> names() throws InterruptedException {
    AtomicReference<List<String>> names = new AtomicReference<>(List.of());
    try (Connector connector = new Connector(target);
        RedisAttemptRunner attempts = new RedisAttemptRunner(target)) {
      var _ =
          attempts.run(
              deadline -> {
                try (Node node = connector.connect(target.url().host(), deadline)) {
                  if (node.run(deadline, "CLIENT", "LIST") instanceof Reply.Value sessions) {
                    names.set(listed(sessions.text()));
                  }
                }
                return new ProbeResult.Ready("listed");
              },
              TIMEOUT);
    }
    return names.get();
  }

  private static List<String> listed(String sessions) {
    return SESSION.matcher(sessions).results().map(session -> session.group(1)).toList();
  }
}
