package io.tidegate.manifest.rules;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Database;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.manifest.stack.Storage.Mount;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Several database servers on one volume. */
final class DatabaseScaled implements FileRule {
  private static final RuleCard CARD =
      new RuleCard(
          "database-scaled",
          Severity.ERROR,
          "Several database servers on one volume",
          "Two servers that write to the same files destroy the database",
          "Run one replica with strategy Recreate, or a StatefulSet with volumeClaimTemplates and"
              + " replication between its members",
          URI.create("https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<FileFinding> evaluate(Stack stack) {
    List<FileFinding> findings = new ArrayList<>();
    for (Container container : stack.containers()) {
      Database database = container.database().orElse(null);
      if (database == null) {
        continue;
      }
      Optional<Mount> shared = shared(container, database);
      if (shared.isEmpty()) {
        continue;
      }
      if (container.replicas().several()) {
        findings.add(
            FileFinding.about(
                container,
                CARD,
                Severity.ERROR,
                container.replicas().place(),
                "%s; all would write to %s"
                    .formatted(container.replicas().evidence(), name(shared.get()))));
      } else if (!container.storage().recreates()) {
        findings.add(
            FileFinding.about(
                container,
                CARD,
                Severity.WARNING,
                shared.get().place(),
                "a rolling update starts the new pod before the old one ends, and both would write to "
                    + name(shared.get())));
      }
      findings.addAll(twins(stack, container, database, shared.get()));
    }
    return findings;
  }

  private static Optional<Mount> shared(Container container, Database database) {
    return DataPlace.of(container, database)
        .mount()
        .filter(mount -> mount.kind() == Mount.Kind.VOLUME || mount.kind() == Mount.Kind.HOST)
        // Each node has paths of its own: several pods may well have one each.
        .filter(
            mount -> mount.kind() == Mount.Kind.VOLUME || container.platform() == Platform.COMPOSE);
  }

  /** Another service of Compose with the same volume for its data. */
  private static List<FileFinding> twins(
      Stack stack, Container container, Database database, Mount mount) {
    if (container.platform() != Platform.COMPOSE) {
      return List.of();
    }
    return stack.containers().stream()
        .filter(other -> other.platform() == Platform.COMPOSE)
        .takeWhile(other -> !other.equals(container))
        .filter(other -> other.database().filter(database::equals).isPresent())
        .filter(other ->
            shared(other, database)
                .filter(same -> same.source().equals(mount.source()))
                .isPresent())
        .map(other ->
            FileFinding.about(
                container,
                CARD,
                Severity.ERROR,
                mount.place(),
                "%s writes to %s too".formatted(other.subject().label(), name(mount))))
        .toList();
  }

  private static String name(Mount mount) {
    return "the volume " + mount.source();
  }
}
