package io.tidegate.manifest.rules;

import io.tidegate.manifest.source.SourceFile.SourceText;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Database.ImageName;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A database whose version is left to chance. */
final class DatabaseImage implements FileRule {
  private static final RuleCard CARD =
      new RuleCard(
          "database-image",
          Severity.WARNING,
          "A database image without a version",
          "The next pull may bring a new major version, which does not start on the data of the old one",
          "Write the major version at least, as in postgres:18",
          URI.create("https://www.postgresql.org/docs/current/upgrading.html"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<FileFinding> evaluate(Stack stack) {
    List<FileFinding> findings = new ArrayList<>();
    for (Container container : stack.containers()) {
      SourceText text = container.image();
      if (text == null || container.database().isEmpty() || !text.isKnown()) {
        continue;
      }
      ImageName image = ImageName.of(text.value());
      boolean moving = image.tag().isEmpty() || image.tag().equals("latest");
      if (moving && image.digest().isEmpty()) {
        findings.add(
            FileFinding.about(
                container,
                CARD,
                FileFinding.milder(container, Severity.WARNING),
                text.place(),
                image.tag().isEmpty()
                    ? "the image %s has no tag, which means latest".formatted(image.repository())
                    : "the image %s has the tag latest".formatted(image.repository())));
      }
    }
    return findings;
  }
}
