package io.tidegate.replicas;

import io.tidegate.replicas.ReplicaCount.Unknown;
import java.util.List;
import java.util.Optional;

/** The sources that need nothing but the settings, a name server at most. */
public final class ReplicaSources {
  private ReplicaSources() {}

  /** All of them, the most trusted first. A test fails where one is missing. */
  public static List<ReplicaSource> of(ReplicaSettings settings) {
    return List.of(
        new DeclaredReplicas(settings),
        new DnsReplicas(settings),
        new IndexReplicas(settings),
        new SilentPlatform(settings));
  }

  /** Names the platform that leaves its replicas in the dark, where nothing else tells either. */
  static final class SilentPlatform implements ReplicaSource {
    private final ReplicaSettings settings;

    SilentPlatform(ReplicaSettings settings) {
      this.settings = settings;
    }

    @Override
    public int order() {
      return 500;
    }

    @Override
    public Optional<ReplicaCount> count() {
      return KnownPlatform.of(settings.environment())
          .map(platform ->
              new Unknown(
                  "no TIDEGATE_REPLICAS is declared, and %s does not tell its replicas how many they are"
                      .formatted(platform.name())));
    }
  }

  /** The number that the user declares. */
  static final class DeclaredReplicas implements ReplicaSource {
    private static final String VARIABLE = "TIDEGATE_REPLICAS";

    private final ReplicaSettings settings;

    DeclaredReplicas(ReplicaSettings settings) {
      this.settings = settings;
    }

    @Override
    public int order() {
      return 200;
    }

    @Override
    public Optional<ReplicaCount> count() {
      String source =
          settings.environment().containsKey(VARIABLE) ? VARIABLE : "the setting tidegate.replicas";
      return Optional.ofNullable(settings.replicas())
          .map(replicas -> new ReplicaCount.Exactly(replicas, "declared by " + source));
    }
  }
}
