package io.tidegate.engine.mongodb;

import com.mongodb.event.ServerHeartbeatFailedEvent;
import com.mongodb.event.ServerMonitorListener;
import com.mongodb.spi.dns.InetAddressResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which of a name's addresses the driver takes first. It goes on to the next by itself only where one
 * is silent; here also after one that refuses, as soon as the driver's monitor has met it.
 */
final class NextAddress implements InetAddressResolver, ServerMonitorListener {
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();

  @Override
  public List<InetAddress> lookupByName(String host) throws UnknownHostException {
    List<InetAddress> all = new ArrayList<>(Arrays.asList(InetAddress.getAllByName(host)));
    Collections.rotate(all, -failures.getOrDefault(host, 0) % all.size());
    return all;
  }

  @Override
  public void serverHeartbeatFailed(ServerHeartbeatFailedEvent event) {
    failures.merge(event.getConnectionId().getServerId().getAddress().getHost(), 1, Integer::sum);
  }
}
