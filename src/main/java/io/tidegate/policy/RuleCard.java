package io.tidegate.policy;

import java.net.URI;

/**
 * What is constant about a rule.
 *
 * @param id never changes: findings are accepted by it; lower case with dashes
 * @param worst how bad its findings are at worst, for help and documents; the check decides on each
 * @param title what it looks for, in a few words
 * @param danger what happens if nothing is done, one sentence
 * @param fix what to do, one sentence
 * @param documentation the server's own documentation of the matter
 */
public record RuleCard(
    String id, Severity worst, String title, String danger, String fix, URI documentation) {

  /** The danger as it stands within a longer text: without its full stop. */
  public String dangerWithoutStop() {
    return withoutStop(danger);
  }

  /** The fix as it stands within a longer text: without its full stop. */
  public String fixWithoutStop() {
    return withoutStop(fix);
  }

  private static String withoutStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }
}
