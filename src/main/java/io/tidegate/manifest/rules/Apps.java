package io.tidegate.manifest.rules;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.Severity;
import java.util.List;

/**
 * The containers whose confinement matters here: Tidegate's own, which needs nothing, and those that
 * use a database or store, since whoever takes them over has its credentials.
 */
final class Apps {
  private Apps() {}

  static List<Container> of(Stack stack) {
    List<Container> stores =
        stack.containers().stream().filter(container -> container.database().isPresent()).toList();
    return stack.containers().stream()
        .filter(container -> container.database().isEmpty())
        .filter(container ->
            container.isTidegate()
                || stores.stream().anyMatch(store -> Stack.uses(container, store)))
        .toList();
  }

  /** What is missing is a warning for Tidegate's own container, and worth knowing for others. */
  static Severity missing(Container container) {
    return FileFinding.milder(
        container, container.isTidegate() ? Severity.WARNING : Severity.NOTICE);
  }

  /** Whether the platform's own words tell all: an image may set its user, but not more. */
  static boolean isKubernetes(Container container) {
    return container.platform() == Platform.KUBERNETES;
  }
}
