package io.tidegate.manifest.rules;

import io.tidegate.manifest.source.SourceFile.SourceText;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** An app that may do anything to its host. */
final class Privileged implements FileRule {
  private static final RuleCard CARD =
      new RuleCard(
          "privileged",
          Severity.ERROR,
          "An app, or Tidegate, with all privileges of its host",
          "Whoever breaks into the app has the host",
          "Take privileged out, and add the one capability or device that is needed",
          URI.create("https://docs.docker.com/reference/compose-file/services/#privileged"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<FileFinding> evaluate(Stack stack) {
    List<FileFinding> findings = new ArrayList<>();
    for (Container app : Apps.of(stack)) {
      SourceText privileged = app.confinement().privileged();
      if (privileged != null) {
        findings.add(
            FileFinding.about(
                app,
                CARD,
                FileFinding.milder(app, Severity.ERROR),
                privileged.place(),
                "privileged is true"));
      }
    }
    return findings;
  }
}
