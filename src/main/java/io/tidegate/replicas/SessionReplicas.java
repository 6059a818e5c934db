package io.tidegate.replicas;

import io.tidegate.replicas.ReplicaCount.AtLeast;
import io.tidegate.target.Target;
import java.util.Collection;
import java.util.Optional;

/**
 * Counts the replicas of the app by the sessions of their Tidegate on the server of one target. One
 * that starts has no such session yet and does not count itself, since it may be there to replace
 * another: one session proves nothing. Neither do a missing right and a server that does not answer.
 */
public final class SessionReplicas implements ReplicaSource {
  private final Target target;
  private final SessionNames names;
  private final String list;
  private final Sessions sessions;
  private int previous;

  /** What a server lists. */
  public interface Sessions {
    /**
     * The names of the sessions that were heard within 99 seconds: for minutes or hours a server keeps
     * one whose machine has vanished. None where it may not be asked, or would not tell the truth.
     * Bounded: two seconds.
     *
     * @throws InterruptedException if the thread is interrupted while asking
     */
    Collection<String> names() throws InterruptedException;
  }

  /**
   * Takes the server of a target.
   *
   * @param list what the server calls its list of sessions
   */
  public SessionReplicas(Target target, SessionNames names, String list, Sessions sessions) {
    this.target = target;
    this.names = names;
    this.list = list;
    this.sessions = sessions;
  }

  @Override
  public int order() {
    return 600;
  }

  @Override
  public Optional<ReplicaCount> count() throws InterruptedException {
    int replicas = names.count(target, sessions.names());
    // A session is replaced every few seconds: one that is missing once may be back the next time.
    int most = Math.max(replicas, previous);
    previous = replicas;
    return most > 1 ? Optional.of(new AtLeast(most, names.source(target, list))) : Optional.empty();
  }
}
