package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.TlsPolicy;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A connection to another host without TLS. A private network is one that others share too; that of a
 * Compose project is shared by its containers alone.
 */
final class UnencryptedConnection {
  static final EvidenceRule RULE =
      new EvidenceRule(
          new RuleCard(
              "unencrypted-connection",
              Severity.WARNING,
              "The connection to another host is not encrypted",
              "Whoever sees the network between the two reads the password and every row, and may change"
                  + " what passes",
              "Ask for TLS in the URL (rediss://, sslmode=verify-full, tls=true) or with"
                  + " TIDEGATE_TARGETS_<NAME>_TLS_MODE=verify-full; where a service mesh encrypts what"
                  + " passes, accept the rule with that as the reason",
              URI.create("https://www.postgresql.org/docs/current/libpq-ssl.html")),
          UnencryptedConnection::findings);

  private static final String NEAR =
      "; it is on a Docker network with this container, which leaves the machine only if it is an"
          + " overlay";

  private UnencryptedConnection() {}

  private static List<Finding> findings(Evidence evidence) {
    return evidence.targets().stream()
        .flatMap(target ->
            Stream.of(
                    finding(
                        target, evidence.facts().getOrDefault(target.name(), Facts.NONE), evidence),
                    migration(target, evidence))
                .flatMap(Optional::stream))
        .toList();
  }

  /** Over another URL: what the target's own server reports says nothing of it. */
  private static Optional<Finding> migration(Target target, Evidence evidence) {
    Target migrated = target.forMigration();
    return migrated.url().equals(target.url())
        ? Optional.empty()
        : finding(migrated, Facts.NONE, evidence);
  }

  private static Optional<Finding> finding(Target target, Facts facts, Evidence evidence) {
    List<HostPort> others = ThisHost.others(target, evidence);
    if (others.isEmpty()) {
      return Optional.empty();
    }
    boolean near = ThisHost.sharesDockerNetwork(target, evidence);
    return whyUnencrypted(target, facts)
        .map(reason ->
            new Finding(
                RULE.card(),
                near ? Severity.NOTICE : Severity.WARNING,
                target.name(),
                "there is no TLS to %s: %s (`%s`)%s"
                    .formatted(
                        others.stream().map(HostPort::toString).collect(Collectors.joining(", ")),
                        reason,
                        target.origin(),
                        near ? NEAR : "")));
  }

  /** Empty: there is TLS, verified or not, or it depends on the server, which does not report it. */
  private static Optional<String> whyUnencrypted(Target target, Facts facts) {
    TlsPolicy policy = target.tlsPolicy();
    return switch (policy.level()) {
      case NONE -> Optional.of(policy.reason());
      case IF_OFFERED -> whyNotOffered(facts, policy.reason());
      case ENCRYPTED, VERIFY_CA, VERIFY_FULL -> Optional.empty();
    };
  }

  /** PostgreSQL reports it as {@code ssl}, MySQL and MariaDB as {@code have_ssl}. */
  private static Optional<String> whyNotOffered(Facts facts, String reason) {
    for (String fact : List.of("ssl", "have_ssl")) {
      if (facts.get(fact) instanceof Fact.Known(String state)) {
        boolean offered = state.equalsIgnoreCase("on") || state.equalsIgnoreCase("yes");
        return offered ? Optional.empty() : Optional.of("the server offers none, and " + reason);
      }
    }
    return Optional.empty();
  }
}
