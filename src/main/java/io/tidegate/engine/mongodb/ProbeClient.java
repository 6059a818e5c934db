package io.tidegate.engine.mongodb;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ServerDescription;
import com.mongodb.connection.ServerMonitoringMode;
import io.tidegate.secret.Secret;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Role;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * One client of the driver. It costs threads, so that it outlives attempts; its one pooled
 * connection does not, or not for long, so that new ones are tested.
 */
final class ProbeClient implements AutoCloseable {
  /** How long a connection is kept in watch before a new one has to be accepted. */
  private static final Duration RENEWAL = Duration.ofSeconds(15);

  /** How often the driver's monitor may ask a server that an attempt waits for. */
  private static final Duration EAGER = Duration.ofMillis(20);

  private final LastServerObservations heartbeats = new LastServerObservations();
  private final @Nullable String username;
  private final @Nullable Secret password;
  private final @Nullable String replicaSet;
  private final MongoClient client;

  /**
   * Connects in the background. Asks DNS first where the URL is {@code mongodb+srv}, for as long as that takes.
   *
   * @param closed whether nobody wants it any more when DNS has answered
   * @throws MongoException if that is so: nothing is begun then
   */
  ProbeClient(Target target, ProbeMode mode, Duration timeout, BooleanSupplier closed)
      throws SSLException {
    username = target.credentials().username();
    password = target.credentials().password();
    int millis = Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
    long life = mode == ProbeMode.WATCH ? RENEWAL.toMillis() : 1;
    MongoClientSettings.Builder settings =
        MongoConnector.settings(target)
            .retryReads(false)
            .readPreference(
                target.role() == Role.PRIMARY
                    ? ReadPreference.primary()
                    : ReadPreference.primaryPreferred())
            .applyToClusterSettings(
                cluster -> cluster.serverSelectionTimeout(millis, TimeUnit.MILLISECONDS))
            .applyToSocketSettings(socket ->
                socket
                    .connectTimeout(millis, TimeUnit.MILLISECONDS)
                    .readTimeout(millis, TimeUnit.MILLISECONDS))
            .applyToConnectionPoolSettings(pool ->
                pool.minSize(0)
                    .maxSize(1)
                    .maxWaitTime(millis, TimeUnit.MILLISECONDS)
                    .maxConnectionLifeTime(life, TimeUnit.MILLISECONDS))
            .applyToServerSettings(server ->
                server
                    .serverMonitoringMode(ServerMonitoringMode.POLL)
                    .heartbeatFrequency(10, TimeUnit.SECONDS)
                    .minHeartbeatFrequency(EAGER.toMillis(), TimeUnit.MILLISECONDS)
                    .addServerListener(heartbeats)
                    .addServerMonitorListener(heartbeats));
    MongoClientSettings built = settings.build();
    if (closed.getAsBoolean()) {
      throw new MongoException("the probe is closed");
    }
    replicaSet = built.getClusterSettings().getRequiredReplicaSetName();
    client = MongoClients.create(built);
  }

  /** Whether it would log in as the target's user does now. */
  boolean isFor(Target target) {
    return Objects.equals(username, target.credentials().username())
        && Objects.equals(password, target.credentials().password());
  }

  LastServerObservations heartbeats() {
    return heartbeats;
  }

  /** The replica set that the URL, or DNS, names. */
  @Nullable String replicaSet() {
    return replicaSet;
  }

  /** Whether the driver has given up every server, since none is what the URL says. */
  boolean hasNoServer() {
    return heartbeats.tookAllOut() || servers().isEmpty();
  }

  private List<ServerDescription> servers() {
    return client.getClusterDescription().getServerDescriptions();
  }

  BsonDocument run(String database, BsonDocument command, Role role) {
    return client
        .getDatabase(database)
        .runCommand(
            command,
            role == Role.PRIMARY ? ReadPreference.primary() : ReadPreference.primaryPreferred(),
            BsonDocument.class);
  }

  @Override
  public void close() {
    client.close();
  }
}
