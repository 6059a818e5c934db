package io.tidegate.manifest.rules;

import io.tidegate.manifest.source.SourceFile.SourceText;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** An app that runs as root. */
final class RunsAsRoot implements FileRule {
  private static final RuleCard CARD =
      new RuleCard(
          "runs-as-root",
          Severity.WARNING,
          "An app, or Tidegate, that runs as root",
          "Whoever breaks into the app is root in the container, and one fault of the kernel away from"
              + " the host",
          "Set user in Compose, runAsNonRoot and runAsUser in Kubernetes",
          URI.create("https://kubernetes.io/docs/concepts/security/pod-security-standards/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<FileFinding> evaluate(Stack stack) {
    List<FileFinding> findings = new ArrayList<>();
    for (Container app : Apps.of(stack)) {
      SourceText user = app.confinement().user();
      if (user != null && isRoot(user.value())) {
        findings.add(
            FileFinding.about(
                app,
                CARD,
                FileFinding.milder(app, Severity.WARNING),
                user.place(),
                "its user is " + user.value()));
      } else if (user == null && !app.confinement().mustNotBeRoot() && Apps.isKubernetes(app)) {
        // In Compose nothing but the image's own user can be meant, and that is not known here.
        findings.add(
            FileFinding.about(
                app,
                CARD,
                Apps.missing(app),
                null,
                "neither runAsNonRoot nor runAsUser is set, so that the image decides"));
      }
    }
    return findings;
  }

  private static boolean isRoot(String user) {
    String name = user.contains(":") ? user.substring(0, user.indexOf(':')) : user;
    return name.equals("0") || name.equals("root");
  }
}
