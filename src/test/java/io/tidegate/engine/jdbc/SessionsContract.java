package io.tidegate.engine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaCount.AtLeast;
import io.tidegate.replicas.ReplicaSource;
import io.tidegate.replicas.SessionNames;
import io.tidegate.target.Engine;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What sessions on the server of a database prove about replicas. */
public abstract class SessionsContract {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** The engine of one process. */
  protected abstract Engine engine(SessionNames names);

  /** The source that counts the sessions on the target's server. */
  protected abstract ReplicaSource source(SessionNames names, Target target);

  /** A target on a server that tells everything, for the user who owns it. */
  protected abstract Target target();

  /** The same server for another user without any right beyond its login. */
  protected abstract Target another();

  /** What the server calls its list of sessions. */
  protected abstract String list();

  @Test
  void processes_that_watch_are_counted_once_each_and_that_of_another_app_is_not()
      throws InterruptedException {
    Target target = target();
    SessionNames one = names(null, target);
    try (Probe _ = watching(one, target);
        Probe _ = watching(one, target);
        Probe _ = watching(names("billing", target), target)) {
      assertThat(count(names(null, target), target)).isEmpty();
      try (Probe _ = watching(names(null, target), target)) {
        assertThat(count(names(null, target), target))
            .contains(
                new AtLeast(
                    2,
                    "seen as sessions of Tidegate (%s of app; if other apps are among them, set TIDEGATE_APP for each)"
                        .formatted(list())));
      }
    }
  }

  @Test
  void a_session_that_is_missing_once_may_have_been_replaced_and_twice_is_gone()
      throws InterruptedException {
    Target target = target();
    ReplicaSource sessions = source(names("shop", target), target);
    try (Probe _ = watching(names("shop", target), target)) {
      try (Probe _ = watching(names("shop", target), target)) {
        assertThat(sessions.count()).map(ReplicaCount::number).contains(2);
      }
      // A server takes its time to end what was closed: whoever asks for the first time sees one.
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> count(names("shop", target), target).isEmpty());
      assertThat(sessions.count()).map(ReplicaCount::number).contains(2);
      assertThat(sessions.count()).isEmpty();
    }
  }

  @Test
  void sessions_of_another_user_are_not_seen_and_prove_nothing() throws InterruptedException {
    Target target = target();
    try (Probe _ = watching(names("users", target), target);
        Probe _ = watching(names("users", target), target)) {
      assertThat(count(names("users", target), target)).isPresent();
      assertThat(count(names("users", another()), another())).isEmpty();
    }
  }

  /** The names of another process whose app has that one target. */
  protected static SessionNames names(@Nullable String app, Target target) {
    SessionNames names = new SessionNames();
    names.enable(app, List.of(target));
    return names;
  }

  /** A probe that watches and has its session. */
  protected final Probe watching(SessionNames names, Target target) throws InterruptedException {
    Probe probe = engine(names).open(target, ProbeMode.WATCH);
    for (int i = 0; i < 2; i++) { // From the second attempt on it keeps its connection.
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(ProbeResult.Ready.class);
    }
    return probe;
  }

  /** What a process that starts sees. */
  protected final Optional<ReplicaCount> count(SessionNames names, Target target)
      throws InterruptedException {
    return source(names, target).count();
  }
}
