package io.tidegate.engine.mongodb;

import com.mongodb.ServerAddress;
import com.mongodb.event.ConnectionCheckOutFailedEvent;
import com.mongodb.event.ConnectionCheckOutStartedEvent;
import com.mongodb.event.ConnectionCheckedInEvent;
import com.mongodb.event.ConnectionPoolListener;
import com.mongodb.event.ServerHeartbeatFailedEvent;
import com.mongodb.event.ServerHeartbeatSucceededEvent;
import com.mongodb.event.ServerMonitorListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a command that takes long from a server, or a proxy before it, that is frozen, and whose kernel
 * still acknowledges packets. The driver's monitor asks each server every 10 s, on a connection of its
 * own, and whatever else a server does, it answers that. Whoever waits for a server that has not for
 * long is interrupted, which ends a connection on a virtual thread.
 */
final class FrozenServerListener implements ServerMonitorListener, ConnectionPoolListener {
  private static final Logger LOG = LoggerFactory.getLogger(FrozenServerListener.class);

  private final Duration longest;
  private final Map<ServerAddress, Long> silentSince = new ConcurrentHashMap<>();
  private final Map<Thread, ServerAddress> waiting = new ConcurrentHashMap<>();

  /**
   * Begins with servers that answer.
   *
   * @param longest how long one that does not is waited for
   */
  FrozenServerListener(Duration longest) {
    this.longest = longest;
  }

  @Override
  public void serverHeartbeatSucceeded(ServerHeartbeatSucceededEvent event) {
    silentSince.remove(event.getConnectionId().getServerId().getAddress());
  }

  @Override
  public void serverHeartbeatFailed(ServerHeartbeatFailedEvent event) {
    ServerAddress server = event.getConnectionId().getServerId().getAddress();
    long now = System.nanoTime();
    long since = silentSince.computeIfAbsent(server, address -> now);
    if (now - since < longest.toNanos()) {
      return;
    }
    waiting.forEach((thread, waitedFor) -> {
      if (waitedFor.equals(server)) {
        LOG.warn("{} has answered nothing for {} s: given up", server, longest.toSeconds());
        thread.interrupt();
      }
    });
  }

  @Override
  public void connectionCheckOutStarted(ConnectionCheckOutStartedEvent event) {
    waiting.put(Thread.currentThread(), event.getServerId().getAddress());
  }

  @Override
  public void connectionCheckOutFailed(ConnectionCheckOutFailedEvent event) {
    waiting.remove(Thread.currentThread());
  }

  @Override
  public void connectionCheckedIn(ConnectionCheckedInEvent event) {
    waiting.remove(Thread.currentThread());
  }
}
