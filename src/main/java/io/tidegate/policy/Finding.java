package io.tidegate.policy;

/**
 * What a rule found.
 *
 * @param rule the rule's card
 * @param severity how bad it is here
 * @param subject what it is about: a target's name, or a variable
 * @param evidence what was seen, so that a reader can check it; never holds a secret
 */
public record Finding(RuleCard rule, Severity severity, String subject, String evidence) {}
