package io.tidegate.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.cli.Composition;
import io.tidegate.policy.Evidence;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.servers.RedisServer;
import io.tidegate.target.Facts;
import io.tidegate.target.Targets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rule on what real servers tell, each configured in another way; three replicas. */
class RedisPersistenceLiveTest {
  private static final String PASSWORD = "right-password";

  @Test
  void nothing_kept_is_refused() throws InterruptedException {
    assertThat(evaluate(new RedisServer().withoutPersistence()))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.ERROR);
          assertThat(finding.evidence()).contains("appendonly is no and save is empty");
        });
  }

  @Test
  void append_only_file_or_snapshots_are_clean() throws InterruptedException {
    assertThat(evaluate(new RedisServer())).isEmpty();
    assertThat(evaluate(new RedisServer().with("--appendonly", "no", "--save", "60 1"))).isEmpty();
  }

  @Test
  void config_that_is_renamed_away_leaves_it_unknown() throws InterruptedException {
    RedisServer server =
        new RedisServer().withoutPersistence().with("--rename-command", "CONFIG", "");
    assertUnknown(evaluate(server));
  }

  @Test
  void config_that_is_renamed_away_is_clean_where_info_tells_enough() throws InterruptedException {
    assertThat(evaluate(new RedisServer().with("--rename-command", "CONFIG", ""))).isEmpty();
  }

  @Test
  void user_without_dangerous_rights_leaves_it_unknown() throws InterruptedException {
    RedisServer server =
        new RedisServer()
            .withoutPersistence()
            .with("--user", "app", "on", ">" + PASSWORD, "~*", "+@all", "-@dangerous");
    try (server) {
      server.start();
      assertUnknown(evaluate(Targets.at("redis", server.port(), "").as("app", PASSWORD)));
    }
  }

  private static void assertUnknown(List<Finding> findings) {
    assertThat(findings)
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.NOTICE);
          assertThat(finding.evidence()).contains("unknown");
        });
  }

  private static List<Finding> evaluate(RedisServer server) throws InterruptedException {
    try (server) {
      server.start();
      return evaluate(Targets.at("redis", server.port(), ""));
    }
  }

  private static List<Finding> evaluate(Targets targets) throws InterruptedException {
    Facts facts =
        new Composition()
            .engines()
            .of(targets.target())
            .facts(targets.target(), Duration.ofSeconds(10));
    return RedisRules.PERSISTENCE.evaluate(
        new Evidence(
            Situation.scaled().replicas(),
            List.of(targets.target()),
            Map.of("app", facts),
            Map.of()));
  }
}
