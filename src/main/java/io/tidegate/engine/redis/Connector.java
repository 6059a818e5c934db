package io.tidegate.engine.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DnsResolvers;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.SocketAddressResolver;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tidegate.engine.network.Deadline;
import io.tidegate.engine.redis.RedisAttemptRunner.NotReadyException;
import io.tidegate.secret.Secret;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connects to the servers of one target. Used by one attempt at a time. */
final class Connector implements AutoCloseable {
  /** Lettuce's threads and what else all clients share. They are made with the first Redis target. */
  private static final class Shared {
    private static final int THREADS = 2;

    static final ClientResources RESOURCES =
        ClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .threadFactoryProvider(pool -> new DefaultThreadFactory("redis", true))
            // The JDK's look-ups, as the rest of the program does them, and no threads for another.
            .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
  }

  private final Target target;
  private final int database;
  private final @Nullable String sessionName;
  private final RedisClient client;
  private volatile @Nullable InetSocketAddress next;
  private volatile ReplyLimit wire = new ReplyLimit();

  /** Whose sessions have no name. */
  Connector(Target target) {
    this(target, null);
  }

  /** Takes the name of its sessions; null: none. */
  Connector(Target target, @Nullable String sessionName) {
    this.target = target;
    this.sessionName = sessionName;
    this.database = RedisUrl.database(target);
    this.client =
        new RawCommandClient(
            Shared.RESOURCES
                .mutate()
                .socketAddressResolver(new NextAddress())
                .nettyCustomizer(new Limiting())
                .build());
  }

  private final class Limiting implements NettyCustomizer {
    @Override
    public void afterChannelInitialized(Channel channel) {
      wire = new ReplyLimit();
      channel.pipeline().addFirst(wire);
      SslHandler tls = channel.pipeline().get(SslHandler.class);
      if (tls != null) {
        wire.watch(tls);
      }
    }
  }

  /** Lettuce would take a name's first address only; which one is tried is decided here. */
  private final class NextAddress extends SocketAddressResolver {
    NextAddress() {
      super(DnsResolvers.UNRESOLVED);
    }

    @Override
    public SocketAddress resolve(RedisURI uri) {
      return Objects.requireNonNull(next);
    }
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
    Node node = open(address, deadline);
    boolean used = false;
    try {
      List<String> introduction = authenticate ? introduction() : List.of();
      if (!introduction.isEmpty()) {
        mustRun(node, deadline, introduction);
      }
      if (number != 0) {
        mustRun(node, deadline, List.of("SELECT", Integer.toString(number)));
      }
      if (sessionName != null) {
        // Without the right to it the session has no name, which is no fault.
        var _ = node.run(deadline, "CLIENT", "SETNAME", sessionName);
      }
      used = true;
      return node;
    } finally {
      if (!used) {
        node.close();
      }
    }
  }

  /** Tries each address of the name, in the order in which the resolver gives them. */
  private Node open(HostPort address, Deadline deadline) throws NotReadyException {
    wire = new ReplyLimit(); // What the last connection met is no reason for this one's failure.
    try {
      InetAddress[] all = InetAddress.getAllByName(address.host());
      for (int i = 0; i < all.length - 1; i++) {
        try {
          return open(address, all[i], deadline.share(all.length - i));
        } catch (IOException e) {
          if (Thread.currentThread().isInterrupted()) {
            throw e;
          }
          // A dead first address is an ordinary failover: the next may answer.
        }
      }
      return open(address, all[all.length - 1], deadline);
    } catch (IOException e) {
      String greeting = wire.greeting();
      throw new NotReadyException(
          greeting.isEmpty()
              ? RedisFaults.of(wire.behind(e), address)
              : RedisFaults.unasked(greeting, address));
    }
  }

  private Node open(HostPort address, InetAddress one, Deadline deadline)
      throws IOException, NotReadyException {
    next = new InetSocketAddress(one, address.port());
    RedisTls tls = RedisTls.of(target, address);
    Duration left = deadline.left();
    RedisURI.Builder uri =
        RedisURI.Builder.redis(address.host(), address.port())
            .withLibraryName("") // Nothing is sent that the user did not ask for.
            .withLibraryVersion("")
            .withTimeout(left);
    client.setOptions(options(left, tls));
    // The handshake goes on behind the connection: the first command tells how it ended.
    RedisURI whole = (tls == null ? uri : tls.in(uri)).build();
    return Node.open(client, whole, address, deadline, () -> wire);
  }

  /** RESP2, since every server and proxy speaks it, and its replies are lists and texts only. */
  private static ClientOptions options(Duration left, @Nullable RedisTls tls) {
    ClientOptions.Builder options =
        ClientOptions.builder()
            .protocolVersion(ProtocolVersion.RESP2)
            .autoReconnect(false)
            .pingBeforeActivateConnection(false)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .timeoutOptions(TimeoutOptions.create())
            .socketOptions(SocketOptions.builder().connectTimeout(left).keepAlive(true).build());
    if (tls != null) {
      options.sslOptions(tls.options());
    }
    return options.build();
  }

  /** Empty where no password is declared; {@code redis://:@host} declares none. */
  private List<String> introduction() {
    Secret password = target.credentials().password();
    @Nullable String username = target.credentials().username();
    if (password == null || (username == null && password.reveal().isEmpty())) {
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

  /** Closes all connections. */
  @Override
  public void close() {
    var _ = client.shutdownAsync(0, 1, TimeUnit.SECONDS);
  }
}
