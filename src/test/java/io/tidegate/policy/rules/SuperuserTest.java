package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Severity;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.ScriptedMongo;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Targets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** On a real PostgreSQL and MariaDB; MongoDB's replies are scripted at the wire. */
class SuperuserTest extends RuleContract {
  private static final String PASSWORD = "password-of-the-app";

  private final FactRule rule = ServerRules.SUPERUSER;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return told(Map.of("superuser", known("on")));
  }

  @Override
  Situation safe() {
    return told(Map.of("superuser", known("off")));
  }

  @Test
  void a_superuser_of_postgresql_is_a_warning_and_an_owner_is_clean() {
    try (PostgresServer server = PostgresServer.started()) {
      Targets any = Targets.at("postgresql", server.port(), "postgres");
      Evaluated.assertOne(
          Evaluated.live(rule, any.as(PostgresServer.USER, PostgresServer.PASSWORD)),
          Severity.WARNING,
          "superuser");
      server.execute("postgres", "CREATE ROLE app LOGIN CREATEDB PASSWORD '" + PASSWORD + "'");
      assertThat(Evaluated.live(rule, any.as("app", PASSWORD))).isEmpty();
    }
  }

  @Test
  void all_or_super_on_everything_of_mariadb_is_a_warning_and_less_is_clean() {
    MariaDbServer server = SharedMariaDb.server();
    server.createDatabase("app");
    Targets any = Targets.at("mariadb", server.port(), "app");
    Evaluated.assertOne(
        Evaluated.live(rule, any.as("root", "")), Severity.WARNING, "ALL PRIVILEGES on *.*");

    server.execute("", "CREATE USER app@'%' IDENTIFIED BY '" + PASSWORD + "'");
    server.execute("", "GRANT ALL PRIVILEGES ON app.* TO app@'%'");
    server.execute("", "GRANT SELECT, PROCESS ON *.* TO app@'%'");
    assertThat(Evaluated.live(rule, any.as("app", PASSWORD))).isEmpty();

    server.execute("", "GRANT SUPER ON *.* TO app@'%'");
    Evaluated.assertOne(
        Evaluated.live(rule, any.as("app", PASSWORD)), Severity.WARNING, "SUPER on *.*");
  }

  @Test
  void root_of_mongodb_is_a_warning_and_other_roles_are_clean() {
    try (MongoWireServer server = MongoWireServer.started();
        ScriptedMongo front = new ScriptedMongo(server).start()) {
      Targets app = Targets.at("mongodb", front.port(), "app");
      front.answering("connectionStatus", roles("{role: 'root', db: 'admin'}"));
      Evaluated.assertOne(Evaluated.live(rule, app), Severity.WARNING, "root@admin");
      front.answering("connectionStatus", roles("{role: 'root', db: 'app'}"));
      assertThat(Evaluated.live(rule, app)).isEmpty();
      front.answering("connectionStatus", roles("{role: 'readWrite', db: 'app'}"));
      assertThat(Evaluated.live(rule, app)).isEmpty();
      front.refusing("connectionStatus", 59, "no such command: 'connectionStatus'");
      Evaluated.assertOne(Evaluated.live(rule, app), Severity.NOTICE, "unknown", "no such command");
    }
  }

  @Test
  void what_is_not_told_is_a_notice() {
    Evaluated.assertUnknownIsANotice(rule, "postgresql", "superuser");
    Evaluated.assertUnknownIsANotice(rule, "mysql", "superuser");
  }

  private static String roles(String role) {
    return "{authInfo: {authenticatedUsers: [{user: 'app', db: 'admin'}],"
        + " authenticatedUserRoles: [%s]}, ok: 1}".formatted(role);
  }

  private static Situation told(Map<String, Fact> facts) {
    return Situation.scaled().with(Evaluated.at("postgresql", "db")).facts(facts);
  }
}
