package io.tidegate.manifest.rules;

import io.tidegate.manifest.rules.FileRule.Findings;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile.SourceText;
import java.net.URI;
import java.util.List;

/**
 * What containers may do to their host. Checked are Tidegate's own container, which needs nothing, and
 * those that use a database, since whoever takes one over has its credentials.
 */
final class PrivilegeRules {
  static final List<FileRule> ALL =
      List.of(
          new FileRule(
              new RuleCard(
                  "capabilities",
                  Severity.WARNING,
                  "An app, or Tidegate, that keeps its capabilities",
                  "Whoever breaks into the app can use what the kernel grants by default, such as raw"
                      + " sockets",
                  "Set cap_drop: [ALL] in Compose, capabilities.drop: [ALL] in Kubernetes, and add"
                      + " what is needed",
                  URI.create("https://docs.docker.com/reference/compose-file/services/#cap_drop")),
              PrivilegeRules::capabilities),
          new FileRule(
              new RuleCard(
                  "privileged",
                  Severity.ERROR,
                  "An app, or Tidegate, with all privileges of its host",
                  "Whoever breaks into the app has the host",
                  "Take privileged out, and add the one capability or device that is needed",
                  URI.create(
                      "https://docs.docker.com/reference/compose-file/services/#privileged")),
              PrivilegeRules::privileged),
          new FileRule(
              new RuleCard(
                  "runs-as-root",
                  Severity.WARNING,
                  "An app, or Tidegate, that runs as root",
                  "Whoever breaks into the app is root in the container, and one fault of the kernel"
                      + " away from the host",
                  "Set user in Compose, runAsNonRoot and runAsUser in Kubernetes",
                  URI.create(
                      "https://kubernetes.io/docs/concepts/security/pod-security-standards/")),
              PrivilegeRules::runsAsRoot),
          new FileRule(
              new RuleCard(
                  "writable-root",
                  Severity.WARNING,
                  "An app, or Tidegate, with a writable root file system",
                  "Whoever breaks into the app can change its program and stay",
                  "Set read_only: true in Compose, readOnlyRootFilesystem: true in Kubernetes, and"
                      + " mount a tmpfs where it must write",
                  URI.create("https://docs.docker.com/reference/compose-file/services/#read_only")),
              PrivilegeRules::writableRoot));

  private PrivilegeRules() {}

  private static void capabilities(Stack stack, Findings findings) {
    for (Container app : apps(stack)) {
      if (!app.securityContext().dropsAll()) {
        missing(app, "its capabilities are not dropped", findings);
      }
    }
  }

  private static void privileged(Stack stack, Findings findings) {
    for (Container app : apps(stack)) {
      SourceText privileged = app.securityContext().privileged();
      if (privileged != null) {
        findings.addMilderInDevelopment(
            app, Severity.ERROR, privileged.location(), "privileged is true");
      }
    }
  }

  private static void runsAsRoot(Stack stack, Findings findings) {
    for (Container app : apps(stack)) {
      SourceText user = app.securityContext().user();
      if (user != null && isRoot(user.value())) {
        findings.addMilderInDevelopment(
            app, Severity.WARNING, user.location(), "its user is " + user.value());
      } else if (user == null
          && !app.securityContext().mustNotBeRoot()
          // In Compose nothing but the image's own user can be meant, and that is not known here.
          && app.platform() == Platform.KUBERNETES) {
        missing(
            app, "neither runAsNonRoot nor runAsUser is set, so that the image decides", findings);
      }
    }
  }

  private static boolean isRoot(String user) {
    String name = user.contains(":") ? user.substring(0, user.indexOf(':')) : user;
    return name.equals("0") || name.equals("root");
  }

  private static void writableRoot(Stack stack, Findings findings) {
    for (Container app : apps(stack)) {
      if (!app.securityContext().readOnlyRoot()) {
        missing(app, "its root file system can be written to", findings);
      }
    }
  }

  private static List<Container> apps(Stack stack) {
    List<Container> databases =
        stack.containers().stream().filter(container -> container.database().isPresent()).toList();
    return stack.containers().stream()
        .filter(container -> container.database().isEmpty() && !container.platform().isManaged())
        .filter(container ->
            container.isTidegate()
                || databases.stream().anyMatch(database -> Stack.uses(container, database)))
        .toList();
  }

  /** What is missing is a warning for Tidegate's own container, and worth knowing for others. */
  private static void missing(Container app, String evidence, Findings findings) {
    findings.addMilderInDevelopment(
        app, app.isTidegate() ? Severity.WARNING : Severity.NOTICE, null, evidence);
  }
}
