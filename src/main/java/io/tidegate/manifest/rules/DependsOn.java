package io.tidegate.manifest.rules;

import io.tidegate.manifest.source.SourceFile.SourceText;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Dependency;
import io.tidegate.manifest.stack.Database.ImageName;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An app that starts as soon as its database's container has started. */
final class DependsOn implements FileRule {
  private static final RuleCard CARD =
      new RuleCard(
          "depends-on",
          Severity.WARNING,
          "depends_on a database without service_healthy",
          "The app starts when the database's container has started, long before it answers queries",
          "Write depends_on with condition: service_healthy and give the database a health check that"
              + " is a query, or let the app depend on Tidegate",
          URI.create("https://docs.docker.com/compose/how-tos/startup-order/"));

  /** Tools that connect when somebody logs in to them, not when they start. */
  private static final Set<String> CONNECT_LATER =
      Set.of("adminer", "phpmyadmin", "pgadmin4", "cloudbeaver", "redisinsight");

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<FileFinding> evaluate(Stack stack) {
    List<FileFinding> findings = new ArrayList<>();
    for (Container app : stack.containers()) {
      if (app.isTidegate() || waitsForTidegate(stack, app) || connectsLater(app)) {
        continue;
      }
      for (Dependency on : app.dependencies()) {
        boolean started =
            !Set.of(Dependency.HEALTHY, Dependency.COMPLETED).contains(on.condition());
        boolean database = stack.service(on.service()).flatMap(Container::database).isPresent();
        if (started && database) {
          findings.add(
              FileFinding.about(
                  app,
                  CARD,
                  FileFinding.milder(app, Severity.WARNING),
                  on.place(),
                  "depends_on %s waits for %s only".formatted(on.service(), on.condition())));
        }
      }
    }
    return findings;
  }

  private static boolean connectsLater(Container app) {
    SourceText image = app.image();
    return image != null && CONNECT_LATER.contains(ImageName.of(image.value()).name());
  }

  private static boolean waitsForTidegate(Stack stack, Container app) {
    return app.dependencies().stream()
        .filter(on -> Set.of(Dependency.HEALTHY, Dependency.COMPLETED).contains(on.condition()))
        .anyMatch(on -> stack.service(on.service()).filter(Container::isTidegate).isPresent());
  }
}
