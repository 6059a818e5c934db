package io.tidegate.guard;

/**
 * What a rule found.
 *
 * @param rule the rule's card
 * @param severity how bad it is here
 * @param subject what it is about: a target's name, or a variable
 * @param evidence what was seen, so that a reader can check it; never holds a secret
 */
public record Finding(RuleCard rule, Severity severity, String subject, String evidence) {
  // As the compiler would have it; what it makes is put together anew at each start, and takes 10
  // ms.

  @Override
  public boolean equals(Object other) {
    return other instanceof Finding that
        && rule.id().equals(that.rule.id())
        && severity == that.severity
        && subject.equals(that.subject)
        && evidence.equals(that.evidence);
  }

  @Override
  public int hashCode() {
    return 31 * subject.hashCode() + evidence.hashCode();
  }
}
