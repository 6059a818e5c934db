package io.tidegate.config;

import io.tidegate.logging.Logs.LogSettings;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.policy.Guard.Acceptance;
import io.tidegate.replicas.ReplicaSettings;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a user declared, parsed once.
 *
 * @param targets at least one, in the order declared
 * @param app the app's name, by which its replicas are counted on servers; null: not declared
 * @param replicas the declared number of replicas; null: not declared
 * @param replicasDns a DNS name with an address for each replica; null: none
 * @param serviceAccount the folder of a pod's service account
 * @param acceptances rules whose findings are accepted
 * @param migration how migrations are run
 * @param watch how targets are watched after the start
 * @param http where the endpoints listen
 * @param log how the log is written
 * @param environment the environment variables that Tidegate sees
 * @param warnings what is odd in the configuration, a line each, to be logged
 */
public record Settings(
    List<Target> targets,
    @Nullable String app,
    @Nullable Integer replicas,
    @Nullable String replicasDns,
    Path serviceAccount,
    List<Acceptance> acceptances,
    MigrationSettings migration,
    WatchSettings watch,
    HttpSettings http,
    LogSettings log,
    Map<String, String> environment,
    List<String> warnings) {

  /** Copies the collections. */
  public Settings {
    targets = List.copyOf(targets);
    acceptances = List.copyOf(acceptances);
    environment = Map.copyOf(environment);
    warnings = List.copyOf(warnings);
  }

  /** What counting the replicas needs: it knows nothing of the other settings. */
  public ReplicaSettings replicaSettings() {
    return new ReplicaSettings(replicas, replicasDns, serviceAccount, environment);
  }

  /** The names of the targets and nothing else: the environment may hold secrets. */
  @Override
  public String toString() {
    return "Settings" + targets.stream().map(Target::name).toList();
  }

  /**
   * Where the endpoints listen.
   *
   * @param host the address to bind
   * @param port 1 to 65535; 0 takes a free one and says which
   */
  public record HttpSettings(String host, int port) {
    /** "TIDE" on a keypad: a sidecar shares its pod's ports with the app, so 8080 will not do. */
    public static final int DEFAULT_PORT = 8433;

    /** What holds where nothing is declared. */
    public static final HttpSettings DEFAULT = new HttpSettings("0.0.0.0", DEFAULT_PORT);
  }

  /**
   * How targets are watched after the start.
   *
   * @param interval between the probes of one target
   * @param failures in a row that make a target unready
   * @param recount between two counts of the replicas: a scale-up is noticed within so long
   */
  public record WatchSettings(Duration interval, int failures, Duration recount) {
    /** What holds where nothing is declared. */
    public static final WatchSettings DEFAULT =
        new WatchSettings(Duration.ofSeconds(5), 3, Duration.ofSeconds(20));
  }
}
