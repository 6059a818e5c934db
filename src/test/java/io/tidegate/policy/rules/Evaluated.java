package io.tidegate.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.cli.Composition;
import io.tidegate.policy.Evidence;
import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.target.Credentials;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.RetryPolicy;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Target.Role;
import io.tidegate.target.Targets;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A rule over what one target told, with three replicas unless said otherwise. */
final class Evaluated {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private Evaluated() {}

  /** Asks the live server, as the agent does. */
  static List<Finding> live(Rule rule, Targets targets) {
    return told(rule, targets.target(), facts(targets));
  }

  static Facts facts(Targets targets) {
    Target target = targets.target();
    try {
      return new Composition().engines().of(target).facts(target, TIMEOUT);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<Finding> told(Rule rule, Target target, Facts facts) {
    return told(rule, Situation.scaled(), target, facts);
  }

  static List<Finding> told(Rule rule, Situation situation, Target target, Facts facts) {
    return rule.evaluate(
        new Evidence(
            situation.replicas(),
            List.of(target),
            Map.of(target.name(), facts),
            situation.environment()));
  }

  static Facts facts(String name, String value) {
    return new Facts(Map.of(name, new Fact.Known(value)));
  }

  static Facts refused(String name, String reason) {
    return new Facts(Map.of(name, new Fact.Unknown(reason)));
  }

  /** A store at that address, by the scheme's usual port. */
  static Target at(String scheme, String host) {
    return at(scheme, host, Purpose.STORE);
  }

  static Target at(String scheme, String host, Purpose purpose) {
    return new Target(
        "app",
        "DATABASE_URL",
        new ServiceUrl(scheme, List.of(new HostPort(host, 1)), "app", Map.of()),
        Credentials.NONE,
        false,
        purpose,
        Role.PRIMARY,
        true,
        null,
        TlsSettings.FROM_URL,
        null,
        RetryPolicy.DEFAULT,
        null);
  }

  static void assertOne(List<Finding> findings, Severity severity, String... evidence) {
    assertThat(findings)
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(severity);
          assertThat(finding.subject()).isEqualTo("app");
          assertThat(finding.evidence()).contains(evidence);
        });
  }

  /** What holds for every rule about one fact: unknown is a notice, a cache may be lost. */
  static void assertUnknownIsANotice(Rule rule, String scheme, String fact) {
    assertOne(
        told(rule, at(scheme, "db"), refused(fact, "permission denied by the test")),
        Severity.NOTICE,
        "unknown",
        "permission denied by the test");
  }

  static void assertCacheMayBeLost(Rule rule, String scheme, Facts unsafe) {
    assertThat(told(rule, at(scheme, "db", Purpose.STORE), unsafe)).isNotEmpty();
    assertThat(told(rule, at(scheme, "db", Purpose.CACHE), unsafe)).isEmpty();
  }
}
