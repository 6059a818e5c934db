package io.tidegate.engine.mongodb;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.SslSettings;
import com.mongodb.event.ServerHeartbeatFailedEvent;
import com.mongodb.event.ServerMonitorListener;
import com.mongodb.spi.dns.InetAddressResolver;
import io.tidegate.engine.network.PemFiles;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Secret;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.TlsFiles;
import io.tidegate.target.TlsPolicy;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Settings and clients for a target: what the probe and the migration have in common. */
final class MongoConnector {
  private MongoConnector() {}

  /**
   * Who, where and how encrypted, as the URL and the target's settings say; the caller adds its
   * limits. Asks DNS where the URL is {@code mongodb+srv}.
   *
   * @throws SSLException if a file holds no usable certificate or key
   */
  static MongoClientSettings.Builder settings(Target target) throws SSLException {
    NextAddress addresses = new NextAddress();
    MongoClientSettings.Builder settings =
        MongoClientSettings.builder()
            .applyConnectionString(
                MongoUrl.connectionString(
                    target.url(), target.credentials().username(), target.credentials().password()))
            .applicationName("tidegate")
            .inetAddressResolver(addresses)
            .applyToServerSettings(server -> server.addServerMonitorListener(addresses));
    AtomicReference<@Nullable SSLException> refused = new AtomicReference<>();
    settings.applyToSslSettings(ssl -> {
      try {
        MongoTls.apply(ssl, target);
      } catch (SSLException e) {
        refused.set(e);
      }
    });
    SSLException failure = refused.get();
    if (failure != null) {
      throw failure;
    }
    return settings;
  }

  /**
   * A client for migrating, with its own pool, which the caller closes. Does not wait for the
   * server.
   *
   * @param selection how long an operation waits for a suitable server
   * @param silence how long an answer is waited for, whatever the URL says; zero: as long as it takes
   * @param frozen ends waiting for a server that answers nobody
   * @throws ProblemException with exit 78 if the URL or the TLS settings cannot be used
   */
  static MongoClient open(
      Target target, Duration selection, Duration silence, FrozenServerListener frozen) {
    try {
      return MongoClients.create(
          settings(target)
              .applyToClusterSettings(cluster ->
                  cluster.serverSelectionTimeout(selection.toMillis(), TimeUnit.MILLISECONDS))
              .applyToSocketSettings(
                  socket -> socket.readTimeout(silence.toMillis(), TimeUnit.MILLISECONDS))
              .applyToServerSettings(server -> server.addServerMonitorListener(frozen))
              .applyToConnectionPoolSettings(pool -> pool.addConnectionPoolListener(frozen))
              .build());
    } catch (SSLException e) {
      throw refused(
          target,
          String.valueOf(e.getMessage()),
          "Check the CA, certificate and key files of its TLS settings",
          e);
    } catch (IllegalArgumentException e) {
      // Its message could quote the URL.
      throw refused(
          target,
          "the driver does not take the URL or its parameters",
          "Check the URL's parameters",
          null);
    }
  }

  private static ProblemException refused(
      Target target, String what, String remedy, @Nullable Throwable cause) {
    String where = "target %s (%s)".formatted(target.name(), target.origin());
    return cause == null
        ? new ProblemException(
            new io.tidegate.problem.Problem(ExitCode.REFUSED, what, where, remedy))
        : new ProblemException(ExitCode.REFUSED, what, where, remedy, cause);
  }

  /** How the driver is told about TLS. PEM files are read anew for each client. */
  static final class MongoTls {
    private MongoTls() {}

    /**
     * Does what was decided for the target.
     *
     * @throws SSLException if a file holds no usable certificate or key
     */
    static void apply(SslSettings.Builder ssl, Target target) throws SSLException {
      TlsPolicy.Level level = target.tlsPolicy().level();
      boolean anyone = level == TlsPolicy.Level.ENCRYPTED;
      ssl.enabled(level.insists()).invalidHostNameAllowed(level != TlsPolicy.Level.VERIFY_FULL);
      TlsSettings tls = files(target);
      if (anyone || tls.caFile() != null || tls.certificateFile() != null) {
        ssl.context(PemFiles.context(tls, anyone));
      }
    }

    /** The declared files; the CA file of the URL where none is declared, which this driver ignores. */
    private static TlsSettings files(Target target) {
      TlsSettings declared = target.tls();
      String inUrl = TlsFiles.of(target.url()).ca();
      return declared.caFile() != null || inUrl == null
          ? declared
          : new TlsSettings(
              declared.mode(), Path.of(inUrl), declared.certificateFile(), declared.keyFile());
    }
  }

  /** What a MongoDB URL says. */
  static final class MongoUrl {
    private static final String NO_NAME = "test";

    private MongoUrl() {}

    /**
     * The driver's own form, with user and password, since only the driver knows all that depends on
     * them: mechanism, source, and what DNS adds. It is never shown. Of {@code mongodb+srv} DNS is
     * asked here.
     */
    static ConnectionString connectionString(
        ServiceUrl url, @Nullable String username, @Nullable Secret password) {
      boolean srv = url.scheme().equals("mongodb+srv");
      String hosts =
          srv
              ? url.host().host()
              : url.hosts().stream().map(HostPort::toString).collect(Collectors.joining(","));
      String user = username == null ? "" : encoded(username);
      if (!user.isEmpty() && password != null) {
        user += ":" + encoded(password.reveal());
      }
      String parameters =
          url.parameters().entrySet().stream()
              .filter(one -> username != null || !isAboutUser(one.getKey()))
              .filter(one -> !TlsPolicy.decides(one.getKey()))
              .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
              .collect(Collectors.joining("&"));
      return new ConnectionString(
          "%s://%s%s/%s%s"
              .formatted(
                  url.scheme(),
                  user.isEmpty() ? "" : user + "@",
                  hosts,
                  encoded(url.path()),
                  parameters.isEmpty() ? "" : "?" + parameters));
    }

    /** The database that the app uses; the driver's name for none. */
    static String database(Target target) {
      return target.url().path().isEmpty() ? NO_NAME : target.url().path();
    }

    private static boolean isAboutUser(String parameter) {
      String name = parameter.toLowerCase(Locale.ROOT);
      return name.startsWith("authmechanism") || name.equals("authsource");
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
  }

  /**
   * Which of a name's addresses the driver takes first. It goes on to the next by itself only where one
   * is silent; here also after one that refuses, as soon as the driver's monitor has met it.
   */
  static final class NextAddress implements InetAddressResolver, ServerMonitorListener {
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
}
