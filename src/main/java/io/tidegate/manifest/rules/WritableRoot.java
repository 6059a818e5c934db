package io.tidegate.manifest.rules;

import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;

/** An app that can change its own program. */
final class WritableRoot implements FileRule {
  private static final RuleCard CARD =
      new RuleCard(
          "writable-root",
          Severity.WARNING,
          "An app, or Tidegate, with a writable root file system",
          "Whoever breaks into the app can change its program and stay",
          "Set read_only: true in Compose, readOnlyRootFilesystem: true in Kubernetes, and mount a"
              + " tmpfs where it must write",
          URI.create("https://docs.docker.com/reference/compose-file/services/#read_only"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<FileFinding> evaluate(Stack stack) {
    return Apps.of(stack).stream()
        .filter(app -> !app.confinement().readOnlyRoot())
        .map(app ->
            FileFinding.about(
                app, CARD, Apps.missing(app), null, "its root file system can be written to"))
        .toList();
  }
}
