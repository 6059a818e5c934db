package io.tidegate.guard.rules;

import io.tidegate.guard.RuleCard;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The page that documents all rules, made from their cards. */
final class RulesPage {
  private static final String HEAD =
      """
      # Rules

      Before it waits, and again when the servers have answered, Tidegate judges what it sees. An error
      ends it with exit code 78; warnings and notices are told, and it goes on. What a server does not
      tell is reported as unknown, never as unsafe.

      With one replica the errors below are warnings. [How many replicas there are](census.md) comes
      from, in order of trust: the Kubernetes API, `TIDEGATE_REPLICAS`, the addresses behind a DNS
      name, and an index above the first. Where more replicas are seen than declared, those seen
      count. Where nothing tells, several replicas are assumed inside Kubernetes, and one elsewhere.

      A rule is accepted with `TIDEGATE_ACCEPT_<RULE>_REASON`, until the end of the day in
      `TIDEGATE_ACCEPT_<RULE>_UNTIL` (`2027-01-31`) if that is set. Accepted findings stay visible in
      `/status`. An acceptance of a rule that does not exist is refused.

      A rule that fails is a bug in Tidegate: it blocks like an error, and is accepted like one.
      """;

  private RulesPage() {}

  static String of(List<RuleCard> cards) {
    return HEAD + cards.stream().map(RulesPage::section).collect(Collectors.joining());
  }

  private static String section(RuleCard card) {
    return """

    ## %s

    %s.

    - **Danger:** %s.
    - **Fix:** %s.
    - **Background:** <%s>
    - **Accept it with:** `TIDEGATE_ACCEPT_%s_REASON`
    """
        .formatted(
            card.id(),
            card.title(),
            card.danger(),
            code(card.fix()),
            card.documentation(),
            card.id().toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** Variables are shown as code: Markdown would take the placeholder in them for a tag. */
  private static String code(String text) {
    return text.replaceAll("(TIDEGATE_[A-Z<>_]+(?:=[a-z-]+)?)", "`$1`");
  }
}
