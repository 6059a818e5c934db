package io.tidegate.engine.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tidegate.engine.HostPort;
import io.tidegate.engine.Target;
import io.tidegate.secret.Secret;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connects to the servers of one target. Its few threads are shared by all its connections. */
final class Connector implements AutoCloseable {
  private final Target target;
  private final int database;
  private final Waiting waiting = new Waiting();
  private final ClientResources resources;
  private final RedisClient client;

  Connector(Target target) {
    this.target = target;
    this.database = RedisUrl.database(target);
    this.resources =
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .threadFactoryProvider(pool -> new DefaultThreadFactory("redis-" + target.name(), true))
            // The JDK's look-ups, as the rest of the program does them, and no threads for another.
            .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
    this.client = RedisClient.create(resources);
  }

  /** Connects with the target's credentials as they are now. */
  Node connect(HostPort address, Deadline deadline) throws NotReadyException, InterruptedException {
    return connect(address, deadline, true, database);
  }

  /** Connects to a Sentinel, which has no databases and rarely a password. */
  Node connectToSentinel(HostPort address, Deadline deadline, boolean authenticate)
      throws NotReadyException, InterruptedException {
    return connect(address, deadline, authenticate, 0);
  }

  private Node connect(HostPort address, Deadline deadline, boolean authenticate, int number)
      throws NotReadyException, InterruptedException {
    Duration left = deadline.left();
    client.setOptions(options(left));
    RedisURI.Builder uri =
        RedisURI.Builder.redis(address.host(), address.port())
            .withSsl(RedisTls.isOn(target.url(), target.tls()))
            .withVerifyPeer(RedisTls.verification(target.url(), target.tls()))
            .withDatabase(number)
            .withTimeout(left);
    if (authenticate) {
      authenticate(uri);
    }
    CompletableFuture<StatefulRedisConnection<String, String>> connection;
    try {
      connection = client.connectAsync(StringCodec.UTF8, uri.build()).toCompletableFuture();
    } catch (RuntimeException e) {
      throw new NotReadyException(Faults.of(e, address));
    }
    boolean used = false;
    try {
      Node node = new Node(address, waiting.of(connection, deadline, address), waiting);
      used = true;
      return node;
    } finally {
      if (!used) {
        // Its own limits end it; if it comes about after all, nobody waits for it.
        var _ = connection.thenCompose(StatefulRedisConnection::closeAsync);
      }
    }
  }

  private void authenticate(RedisURI.Builder uri) {
    Secret password = target.credentials().password();
    @Nullable String username = target.credentials().username();
    if (password != null && username != null) {
      uri.withAuthentication(username, password.reveal().toCharArray());
    } else if (password != null) {
      uri.withPassword(password.reveal().toCharArray());
    }
  }

  /** RESP2, since every server and proxy speaks it, and its replies are lists and texts only. */
  private ClientOptions options(Duration left) {
    ClientOptions.Builder options =
        ClientOptions.builder()
            .protocolVersion(ProtocolVersion.RESP2)
            .autoReconnect(false)
            .pingBeforeActivateConnection(false)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .timeoutOptions(TimeoutOptions.create())
            .socketOptions(SocketOptions.builder().connectTimeout(left).keepAlive(true).build());
    if (RedisTls.isOn(target.url(), target.tls())) {
      options.sslOptions(RedisTls.options(target.tls()));
    }
    return options.build();
  }

  @Override
  public void close() {
    waiting.end();
    client.shutdown(0, 1, TimeUnit.SECONDS);
    resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
