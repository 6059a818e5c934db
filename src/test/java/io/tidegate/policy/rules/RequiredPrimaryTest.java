package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.ScriptedMongo;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target.Role;
import io.tidegate.target.Targets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * On real replicas of PostgreSQL and MariaDB; those of Redis are in {@link RedisRulesLiveTest}. No
 * package that can be had has mongod in it: MongoDB's answers are scripted.
 */
class RequiredPrimaryTest extends RuleContract {
  private static final String PASSWORD = "password-of-this-test";

  private final FactRule rule = ServerRules.REQUIRED_PRIMARY;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return situation(Role.PRIMARY, "role", "slave");
  }

  @Override
  Situation safe() {
    return situation(Role.PRIMARY, "role", "master");
  }

  @ParameterizedTest
  @CsvSource({
    "role, slave",
    "in_recovery, on",
    "read_only, ON",
    "read_only, NO_LOCK",
    "read_only, NO_LOCK_NO_ADMIN",
    "innodb_read_only, 1",
    "node.10.0.0.7:6379.role, slave"
  })
  void a_replica_of_any_engine_is_refused(String fact, String value) {
    assertThat(evaluate(situation(Role.PRIMARY, fact, value)))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.WARNING);
          assertThat(finding.evidence())
              .contains(fact.substring(fact.lastIndexOf('.') + 1) + " is " + value);
        });
  }

  @ParameterizedTest
  @CsvSource({"in_recovery, off", "read_only, OFF", "innodb_read_only, 0"})
  void a_primary_of_any_engine_is_clean(String fact, String value) {
    assertThat(evaluate(situation(Role.PRIMARY, fact, value))).isEmpty();
  }

  @Test
  void where_any_role_will_do_a_replica_is_clean() {
    assertThat(evaluate(situation(Role.ANY, "role", "slave"))).isEmpty();
  }

  @Test
  void a_real_standby_of_postgresql_is_told_and_its_primary_is_not() {
    try (PostgresServer primary = new PostgresServer();
        PostgresServer standby = new PostgresServer()) {
      standby.standbyOf(primary);
      primary.start();
      standby.start();
      primary.createDatabase("orders");
      until(() -> connects(() -> standby.connect("orders")));

      assertReplicaIsTold(orders(primary), orders(standby), "in_recovery is on");

      standby.execute("orders", "SELECT pg_promote()");
      assertThat(Evaluated.live(rule, orders(standby))).isEmpty();
    }
  }

  @Test
  void a_real_replica_of_mariadb_is_told_and_its_primary_is_not() {
    try (MariaDbServer primary = new MariaDbServer().with("--log-bin").with("--server-id=1");
        MariaDbServer replica = new MariaDbServer().with("--server-id=2").with("--read-only=1")) {
      primary.start();
      replica.start();
      primary.execute("", "CREATE USER copier@'%' IDENTIFIED BY '" + PASSWORD + "'");
      primary.execute("", "GRANT REPLICATION SLAVE ON *.* TO copier@'%'");
      primary.execute("", "CREATE USER app@'%' IDENTIFIED BY '" + PASSWORD + "'");
      replica.execute(
          "",
          "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = %d, MASTER_USER = 'copier',"
                  .formatted(primary.port())
              + " MASTER_PASSWORD = '%s', MASTER_SSL = 0, MASTER_USE_GTID = slave_pos"
                  .formatted(PASSWORD));
      replica.execute("", "START SLAVE");
      primary.createDatabase("orders");
      primary.execute("", "GRANT ALL ON orders.* TO app@'%'");
      until(() -> connects(() -> replica.connect("orders")));
      until(() -> Evaluated.facts(app(replica)).get("read_only") instanceof Fact.Known);

      assertReplicaIsTold(app(primary), app(replica), "read_only is ON");

      replica.execute("", "STOP SLAVE");
      replica.execute("", "SET GLOBAL read_only = 0");
      assertThat(Evaluated.live(rule, app(replica))).isEmpty();
    }
  }

  /** No mongod: its documented answer, over the wire. */
  @Test
  void a_secondary_of_mongodb_is_told_and_a_primary_is_not() {
    try (MongoWireServer server = MongoWireServer.started();
        ScriptedMongo front = new ScriptedMongo(server).start()) {
      Targets app = Targets.at("mongodb", front.port(), "app");
      front.answering("hello", MongoHello.primary(front.port()));
      assertThat(Evaluated.live(rule, app)).isEmpty();
      front.answering("hello", MongoHello.secondary(front.port()));
      Evaluated.assertOne(
          Evaluated.live(rule, app),
          Severity.WARNING,
          "a primary is required, and isWritablePrimary is false");
    }
  }

  /** Opens a connection. */
  private interface Opening {
    Connection open() throws SQLException;
  }

  private static boolean connects(Opening opening) {
    try (Connection connection = opening.open()) {
      return connection.isValid(2);
    } catch (SQLException e) {
      return false;
    }
  }

  private static void until(Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(condition);
  }

  private void assertReplicaIsTold(Targets primary, Targets replica, String evidence) {
    assertThat(Evaluated.live(rule, primary)).isEmpty();
    Evaluated.assertOne(
        Evaluated.live(rule, replica), Severity.WARNING, "a primary is required, and " + evidence);
    assertThat(Evaluated.live(rule, replica.role(Role.ANY))).isEmpty();
  }

  private static Targets orders(PostgresServer server) {
    return Targets.at("postgresql", server.port(), "orders")
        .as(PostgresServer.USER, PostgresServer.PASSWORD);
  }

  private static Targets app(MariaDbServer server) {
    return Targets.at("mariadb", server.port(), "orders").as("app", PASSWORD);
  }

  private List<Finding> evaluate(Situation situation) {
    return rule.evaluate(situation.evidence());
  }

  private static Situation situation(Role role, String fact, String value) {
    return Situation.single()
        .with(Targets.at("redis", 6379, "").role(role).target())
        .facts(Map.of(fact, known(value)));
  }
}
