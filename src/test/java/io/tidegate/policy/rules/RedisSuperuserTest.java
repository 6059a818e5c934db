package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static io.tidegate.policy.rules.Situation.redis;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.servers.RedisServer;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Targets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedisSuperuserTest extends RuleContract {
  private static final String PASSWORD = "right-password";

  private final FactRule rule = RedisRules.SUPERUSER;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return situation("redis", "on nopass", "+@all");
  }

  @Override
  Situation safe() {
    return situation("redis", "on", "+@all -@dangerous");
  }

  @Test
  void without_a_password_it_is_worse_but_not_on_this_host() {
    assertThat(evaluate("redis", "on nopass")).containsExactly(Severity.WARNING);
    assertThat(evaluate("redis", "on")).containsExactly(Severity.NOTICE);
    assertThat(evaluate("127.0.0.1", "on nopass")).containsExactly(Severity.NOTICE);
  }

  @Test
  void without_a_password_on_a_network_of_its_own_containers_it_is_a_notice_that_says_so() {
    Situation beside = situation("redis", "on nopass", "+@all").with("HOSTNAME", "0f3c9d1e2b4a");
    assertThat(rule.evaluate(beside.evidence()))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.NOTICE);
          assertThat(finding.evidence()).endsWith("and needs no password");
        });
    assertThat(rule.evaluate(beside.inKubernetes().evidence()))
        .extracting(Finding::severity)
        .containsExactly(Severity.WARNING);
  }

  /** The facts are the server's; the rule is shown them with an address that is not this host. */
  @Test
  void a_real_server_is_told_until_its_user_is_restricted() {
    try (RedisServer server = RedisServer.started()) {
      Targets here = Targets.at("redis", server.port(), "");
      assertThat(elsewhere(here)).containsExactly(Severity.WARNING);

      server.run("ACL", "SETUSER", "app", "on", ">" + PASSWORD, "~*", "+@all");
      assertThat(elsewhere(here.as("app", PASSWORD))).containsExactly(Severity.NOTICE);

      server.run("ACL", "SETUSER", "app", "-@admin", "+acl|whoami", "+acl|getuser");
      assertThat(elsewhere(here.as("app", PASSWORD))).isEmpty();
    }
  }

  private List<Severity> elsewhere(Targets targets) {
    return Evaluated.told(rule, Evaluated.at("redis", "cache.example"), Evaluated.facts(targets))
        .stream()
        .map(Finding::severity)
        .toList();
  }

  @Test
  void a_provider_restricts_it_otherwise() {
    assertThat(evaluate("x-1.upstash.io", "on")).isEmpty();
  }

  private List<Severity> evaluate(String host, String flags) {
    return rule.evaluate(situation(host, flags, "+@all").evidence()).stream()
        .map(Finding::severity)
        .toList();
  }

  private static Situation situation(String host, String flags, String commands) {
    return Situation.single()
        .with(redis(host, Purpose.STORE))
        .facts(
            Map.of(
                "acl_user", known("default"),
                "acl_flags", known(flags),
                "acl_commands", known(commands)));
  }
}
