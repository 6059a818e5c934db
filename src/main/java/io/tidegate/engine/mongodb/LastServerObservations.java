package io.tidegate.engine.mongodb;

import com.mongodb.ServerAddress;
import com.mongodb.event.ServerClosedEvent;
import com.mongodb.event.ServerDescriptionChangedEvent;
import com.mongodb.event.ServerHeartbeatFailedEvent;
import com.mongodb.event.ServerHeartbeatSucceededEvent;
import com.mongodb.event.ServerListener;
import com.mongodb.event.ServerMonitorListener;
import com.mongodb.event.ServerOpeningEvent;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bson.BsonDocument;

/**
 * What the driver's monitors saw last of each server. When no server can be selected the driver
 * says that time ran out; the reason is here.
 */
final class LastServerObservations implements ServerMonitorListener, ServerListener {
  private final Map<ServerAddress, Throwable> failures = new ConcurrentHashMap<>();
  private final Map<ServerAddress, BsonDocument> replies = new ConcurrentHashMap<>();

  /** Servers that the driver looks at. */
  private final Set<ServerAddress> looked = ConcurrentHashMap.newKeySet();

  private volatile boolean takenOut;

  /** The replica set that a server said last that it is a member of; empty: of none. */
  private volatile String memberOf = "";

  @Override
  public void serverOpening(ServerOpeningEvent event) {
    looked.add(event.getServerId().getAddress());
  }

  @Override
  public void serverClosed(ServerClosedEvent event) {
    looked.remove(event.getServerId().getAddress());
    takenOut = looked.isEmpty();
  }

  /** The first word of a new connection is told here only, not as a heartbeat. */
  @Override
  public void serverDescriptionChanged(ServerDescriptionChangedEvent event) {
    String set = event.getNewDescription().getSetName();
    if (set != null) {
      memberOf = set;
    }
  }

  /** The replica set of a server that the driver took out; empty: it was a member of none. */
  String memberOf() {
    return memberOf;
  }

  /**
   * Whether the driver has given up every server, since none is what the URL says. Its description
   * of the cluster goes on naming a server that it has taken out.
   */
  boolean tookAllOut() {
    return takenOut;
  }

  @Override
  public void serverHeartbeatSucceeded(ServerHeartbeatSucceededEvent event) {
    ServerAddress address = event.getConnectionId().getServerId().getAddress();
    failures.remove(address);
    replies.put(address, event.getReply());
  }

  @Override
  public void serverHeartbeatFailed(ServerHeartbeatFailedEvent event) {
    ServerAddress address = event.getConnectionId().getServerId().getAddress();
    replies.remove(address);
    failures.put(address, event.getThrowable());
  }

  /** A server's reply to {@code hello}, if any replied to the last one. */
  Optional<Map.Entry<ServerAddress, BsonDocument>> reply() {
    return replies.entrySet().stream().findFirst();
  }

  /** A failure of the last heartbeat, if any failed. */
  Optional<Map.Entry<ServerAddress, Throwable>> failure() {
    return failures.entrySet().stream().findFirst();
  }

  /** Forgets what was seen, so that only what comes next is told. */
  void forget() {
    failures.clear();
    replies.clear();
  }
}
