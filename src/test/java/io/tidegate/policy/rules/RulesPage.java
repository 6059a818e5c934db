package io.tidegate.policy.rules;

import io.tidegate.manifest.rules.FileRule;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The page that documents all rules, made from their cards. */
final class RulesPage {
  private static final String HEAD =
      """
      # Rules

      Before it waits, and again when the servers have answered, Tidegate evaluates what it sees. An
      error ends it with exit code 78; warnings and notices are reported, and it goes on. What a server
      does not report is at most a notice that it is unknown, never unsafe. What a managed service does
      not report is unknown too; such a service is known by its address or by what it answers. A notice
      is one line in the log; its danger and fix stand here and in `/status`.

      What is an error only with several replicas is a warning with one. [How many replicas there
      are](replicas.md) comes from, in order of trust: the Kubernetes API, `TIDEGATE_REPLICAS`, the
      addresses behind a DNS name, and an index above the first. Where more replicas are seen than
      declared, those seen count. Where the number is unknown, several replicas are assumed inside
      Kubernetes, and one elsewhere.

      A rule is accepted with `TIDEGATE_ACCEPT_<RULE>_REASON`, until the end of the day in
      `TIDEGATE_ACCEPT_<RULE>_UNTIL` (`2027-01-31`) if that is set. Accepted findings stay visible in
      `/status`. An acceptance of a rule that does not exist is refused.

      A rule that fails is a bug in Tidegate: it blocks like an error, and is accepted like one.
      """;

  private static final String LIVE =
      """

      ## On settings and live servers
      """;

  private static final String FILES =
      """

      ## On files

      [`tidegate check`](check.md) evaluates these. One that looks at live servers too has the same id
      and text there. They are accepted in the file, by a comment or a label.
      """;

  private RulesPage() {}

  static String of(List<Rule> live, List<FileRule> files) {
    return HEAD
        + LIVE
        + live.stream().map(RulesPage::live).collect(Collectors.joining())
        + FILES
        + files.stream().map(RulesPage::file).collect(Collectors.joining());
  }

  private static String live(Rule rule) {
    RuleCard card = rule.card();
    return section(card, rule.card().worst())
        + "- **Accept it with:** `TIDEGATE_ACCEPT_%s_REASON`\n"
            .formatted(card.id().toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static String file(FileRule rule) {
    return section(rule.card(), rule.card().worst());
  }

  private static String section(RuleCard card, Severity worst) {
    String word =
        worst == Severity.ERROR ? "an error" : "a " + worst.name().toLowerCase(Locale.ROOT);
    return """

    ### %s

    %s. At worst %s.

    - **Danger:** %s.
    - **Fix:** %s.
    - **Background:** <%s>
    """
        .formatted(
            card.id(), card.title(), word, card.danger(), code(card.fix()), card.documentation());
  }

  /** Variables are shown as code: Markdown would take the placeholder in them for a tag. */
  private static String code(String text) {
    return text.replaceAll("(TIDEGATE_[A-Z<>_]+(?:=[a-z-]+)?)", "`$1`");
  }
}
