package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Target;
import java.net.URI;
import java.util.List;

/** A password inside a URL. */
final class InlineCredentials implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "inline-credentials",
          Severity.WARNING,
          "A password stands in a URL rather than in a file",
          "Whoever can list the container's settings can read the password, URLs end up in logs and"
              + " error reports, and it cannot be changed without a restart",
          "Take it out of the URL, mount it as a file, and name the file in"
              + " TIDEGATE_TARGETS_<NAME>_PASSWORD_FILE",
          URI.create("https://docs.docker.com/compose/how-tos/use-secrets/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return evidence.targets().stream()
        .filter(Target::inlinePassword)
        .map(target ->
            new Finding(
                CARD,
                Severity.WARNING,
                target.name(),
                "the URL in `%s` holds a password".formatted(target.origin())))
        .toList();
  }
}
