package io.tidegate.engine.redis;

import io.tidegate.engine.HostPort;
import io.tidegate.engine.Target;
import io.tidegate.secret.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connects to the servers of one target. */
final class Connector {
  private final Target target;
  private final int database;

  Connector(Target target) {
    this.target = target;
    this.database = RedisUrl.database(target);
  }

  /** Connects with the target's credentials as they are now. */
  Node connect(HostPort address, Deadline deadline) throws NotReadyException {
    return connect(address, deadline, true, database);
  }

  /** Connects to a Sentinel, which has no databases and rarely a password. */
  Node connectToSentinel(HostPort address, Deadline deadline, boolean authenticate)
      throws NotReadyException {
    return connect(address, deadline, authenticate, 0);
  }

  private Node connect(HostPort address, Deadline deadline, boolean authenticate, int number)
      throws NotReadyException {
    RedisTls tls = RedisTls.of(target.url(), target.tls(), address);
    Node node = Node.open(address, tls, deadline);
    boolean used = false;
    try {
      List<String> introduction = authenticate ? introduction() : List.of();
      if (!introduction.isEmpty()) {
        mustRun(node, deadline, introduction);
      }
      if (number != 0) {
        mustRun(node, deadline, List.of("SELECT", Integer.toString(number)));
      }
      used = true;
      return node;
    } finally {
      if (!used) {
        node.close();
      }
    }
  }

  /** Empty where no password is declared. */
  private List<String> introduction() {
    Secret password = target.credentials().password();
    @Nullable String username = target.credentials().username();
    if (password == null) {
      return List.of();
    }
    return username == null
        ? List.of("AUTH", password.reveal())
        : List.of("AUTH", username, password.reveal());
  }

  private static void mustRun(Node node, Deadline deadline, List<String> words)
      throws NotReadyException {
    if (node.run(deadline, words) instanceof Reply.Refused refused) {
      throw NodeCheck.refused(node, refused);
    }
  }
}
