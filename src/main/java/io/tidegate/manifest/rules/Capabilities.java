package io.tidegate.manifest.rules;

import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;

/** An app that keeps capabilities of the kernel which it does not need. */
final class Capabilities implements FileRule {
  private static final RuleCard CARD =
      new RuleCard(
          "capabilities",
          Severity.WARNING,
          "An app, or Tidegate, that keeps its capabilities",
          "Whoever breaks into the app can use what the kernel grants by default, such as raw sockets",
          "Set cap_drop: [ALL] in Compose, capabilities.drop: [ALL] in Kubernetes, and add what is"
              + " needed",
          URI.create("https://docs.docker.com/reference/compose-file/services/#cap_drop"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<FileFinding> evaluate(Stack stack) {
    return Apps.of(stack).stream()
        .filter(app -> !app.confinement().dropsAll())
        .map(app ->
            FileFinding.about(
                app, CARD, Apps.missing(app), null, "its capabilities are not dropped"))
        .toList();
  }
}
