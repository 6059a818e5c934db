package io.tidegate.guard;

import java.net.URI;

/**
 * What is constant about a rule.
 *
 * @param id never changes: findings are accepted by it; lower case with dashes
 * @param title what it looks for, in a few words
 * @param danger what happens if nothing is done, one sentence
 * @param fix what to do, one sentence
 * @param documentation the server's own documentation of the matter
 */
public record RuleCard(String id, String title, String danger, String fix, URI documentation) {}
