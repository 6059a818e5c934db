package io.tidegate.manifest.rules;

import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Stack.Subject;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import org.jspecify.annotations.Nullable;

/**
 * What a rule found in the files.
 *
 * @param place the line that is to be changed
 * @param subject what it is about
 * @param evidence what was seen, one sentence without a full stop; never holds a secret
 */
public record FileFinding(
    RuleCard rule, Severity severity, Place place, Subject subject, String evidence) {

  /** A finding about a container, at a place or, if that is null, where it is declared. */
  static FileFinding about(
      Container container,
      RuleCard rule,
      Severity severity,
      @Nullable Place place,
      String evidence) {
    return new FileFinding(
        rule,
        severity,
        place == null ? container.subject().place() : place,
        container.subject(),
        evidence);
  }

  /** A severity, one step milder for a container that looks like development. */
  static Severity milder(Container container, Severity severity) {
    if (!container.development()) {
      return severity;
    }
    return severity == Severity.ERROR ? Severity.WARNING : Severity.NOTICE;
  }
}
