package io.tidegate.engine.redis;

import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaCount.AtLeast;
import io.tidegate.replicas.ReplicaSource;
import io.tidegate.replicas.SessionNames;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Counts the replicas of the app by the sessions of their Tidegate on one server. One that starts
 * has no such session yet and does not count itself, since it may be there to replace another: one
 * session proves nothing. Neither do a missing right and a server that does not answer.
 *
 * @see <a href="https://redis.io/docs/latest/commands/client-list/">Redis: CLIENT LIST</a>
 */
final class RedisSessions implements ReplicaSource {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /**
   * The name of a session that was heard within 99 seconds, in a line of CLIENT LIST. For minutes a
   * server keeps one whose machine has vanished.
   */
  private static final Pattern SESSION = Pattern.compile(" name=(\\S+) .*?idle=[0-9]{1,2} ");

  private final Target target;
  private final SessionNames names;
  private int previous;

  RedisSessions(Target target, SessionNames names) {
    this.target = target;
    this.names = names;
  }

  @Override
  public int order() {
    return 600;
  }

  @Override
  public Optional<ReplicaCount> count() throws InterruptedException {
    AtomicInteger replicas = new AtomicInteger();
    try (Connector connector = new Connector(target);
        RedisAttemptRunner attempts = new RedisAttemptRunner(target)) {
      var _ =
          attempts.run(
              deadline -> {
                try (Node node = connector.connect(target.url().host(), deadline)) {
                  if (node.run(deadline, "CLIENT", "LIST") instanceof Reply.Value sessions) {
                    replicas.set(names.count(target, listed(sessions.text())));
                  }
                }
                return new ProbeResult.Ready("counted");
              },
              TIMEOUT);
    }
    // A session is replaced every few seconds: one that is missing once may be back the next time.
    int most = Math.max(replicas.get(), previous);
    previous = replicas.get();
    return most > 1
        ? Optional.of(new AtLeast(most, names.source(target, "CLIENT LIST")))
        : Optional.empty();
  }

  private static List<String> listed(String sessions) {
    return SESSION.matcher(sessions).results().map(session -> session.group(1)).toList();
  }
}
