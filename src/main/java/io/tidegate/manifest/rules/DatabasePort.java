package io.tidegate.manifest.rules;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.PublishedPort;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;

/** A database that every network may reach. */
final class DatabasePort implements FileRule {
  private static final RuleCard CARD =
      new RuleCard(
          "database-port",
          Severity.WARNING,
          "A database's port published on every interface",
          "Whoever reaches the host reaches the database: Docker publishes past the host's firewall",
          "Leave the port out, since containers of one network reach each other without it, or publish"
              + " it on 127.0.0.1 only; in Kubernetes use a Service of type ClusterIP",
          URI.create("https://docs.docker.com/engine/network/port-publishing/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<FileFinding> evaluate(Stack stack) {
    return stack.containers().stream()
        .filter(container -> container.database().isPresent())
        .flatMap(container ->
            container.ports().stream()
                .filter(PublishedPort::everywhere)
                .map(port -> finding(container, port)))
        .toList();
  }

  private static FileFinding finding(Container container, PublishedPort port) {
    return FileFinding.about(
        container,
        CARD,
        FileFinding.milder(container, Severity.WARNING),
        port.place(),
        port.how() + ": reachable from outside");
  }
}
