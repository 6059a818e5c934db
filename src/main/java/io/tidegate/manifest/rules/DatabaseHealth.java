package io.tidegate.manifest.rules;

import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Dependency;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Container.ServiceHealthCheck;
import io.tidegate.manifest.stack.Database;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A database without a health check, or with one that is no query. */
final class DatabaseHealth implements FileRule {
  private static final RuleCard CARD =
      new RuleCard(
          "database-health",
          Severity.ERROR,
          "A database without a health check, or with one that is no query",
          "What waits for the database is let through before queries are answered, or never",
          "Let the check run a query over the network, as in psql -h 127.0.0.1 -U app -c 'select 1', or"
              + " let the app wait for Tidegate",
          URI.create("https://docs.docker.com/reference/compose-file/services/#healthcheck"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<FileFinding> evaluate(Stack stack) {
    List<FileFinding> findings = new ArrayList<>();
    for (Container container : stack.containers()) {
      container.database().ifPresent(database -> evaluate(stack, container, database, findings));
    }
    return findings;
  }

  private static void evaluate(
      Stack stack, Container container, Database database, List<FileFinding> findings) {
    boolean none =
        container.health().stream()
            .allMatch(check -> check.kind() == ServiceHealthCheck.Kind.DISABLED);
    if (none) {
      findings.add(none(stack, container, database));
    }
    for (ServiceHealthCheck check : container.health()) {
      HealthQuery.fault(check, container, database)
          .ifPresent(fault ->
              findings.add(
                  FileFinding.about(
                      container,
                      CARD,
                      FileFinding.milder(container, fault.severity()),
                      check.place(),
                      fault.why())));
    }
  }

  private static FileFinding none(Stack stack, Container container, Database database) {
    Place place = container.health().isEmpty() ? null : container.health().getFirst().place();
    String what = "%s has no %s".formatted(database.kind(), word(container.platform()));
    String waiting =
        stack.containers().stream()
            .filter(other ->
                other.dependencies().stream()
                    .anyMatch(on ->
                        on.service().equals(container.workload())
                            && on.condition().equals(Dependency.HEALTHY)))
            .map(other -> other.subject().label())
            .findFirst()
            .orElse("");
    if (!waiting.isEmpty()) {
      return FileFinding.about(
          container,
          CARD,
          Severity.ERROR,
          place,
          what + ", and %s waits for it to be healthy: it never starts".formatted(waiting));
    }
    boolean awaited = stack.containers().stream().anyMatch(Container::isTidegate);
    return FileFinding.about(
        container,
        CARD,
        FileFinding.milder(container, awaited ? Severity.NOTICE : Severity.WARNING),
        place,
        what);
  }

  private static String word(Platform platform) {
    return platform == Platform.COMPOSE ? "health check" : "readiness probe";
  }
}
