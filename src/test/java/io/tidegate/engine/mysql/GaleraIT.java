package io.tidegate.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.program.Endpoints;
import io.tidegate.program.TidegateProcess;
import io.tidegate.servers.GaleraCluster;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A Galera cluster of two real nodes: {@code .ci/packaged}. */
@EnabledIfSystemProperty(named = "tidegate.galera", matches = ".+")
class GaleraIT {
  private static GaleraCluster cluster;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    cluster = new GaleraCluster(Path.of(System.getProperty("tidegate.galera", "")));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Such a node lets everybody log in, and answers what reads no table. */
  @Test
  void a_node_without_the_majority_is_not_ready_until_it_has_it_again() throws Exception {
    cluster.one().createDatabase("watched");
    awaitDatabase("watched");
    int port = Ports.free();
    Endpoints endpoints = new Endpoints(port);
    Map<String, String> environment =
        Map.of(
            "DATABASE_URL",
            cluster.two().url("watched"),
            "TIDEGATE_TARGETS_DATABASE_ROLE",
            "primary",
            "TIDEGATE_WATCH_INTERVAL",
            "500ms",
            "TIDEGATE_HTTP_PORT",
            Integer.toString(port));
    try (TidegateProcess gate = TidegateProcess.start(environment, "run")) {
      eventually().until(() -> endpoints.code("/ready") == 200);

      cluster.one().pause();
      try {
        eventually().until(() -> GaleraCluster.status(cluster.two(), "wsrep_ready").equals("OFF"));
        assertThat(first(cluster.two(), "", "SELECT 1")).isEqualTo("1");
        eventually().until(() -> endpoints.code("/ready") == 503);
        assertThat(endpoints.body("/ready"))
            .contains("wsrep_ready is OFF", "in a non-Primary component");
      } finally {
        cluster.one().resume();
      }
      cluster.awaitBoth();
      eventually().until(() -> endpoints.code("/ready") == 200);
      gate.terminate();
      assertThat(gate.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void a_lock_by_name_holds_on_one_node_only() throws Exception {
    try (Connection one = cluster.one().connect("");
        Connection two = cluster.two().connect("")) {
      for (Connection node : List.of(one, two)) {
        assertThat(first(node, "SELECT GET_LOCK('tidegate:app', 0)")).isEqualTo("1");
      }
    }
  }

  @Test
  void no_node_is_migrated_where_none_is_named() throws Exception {
    cluster.one().createDatabase("unnamed");
    awaitDatabase("unnamed");
    for (MariaDbServer node : List.of(cluster.one(), cluster.two())) {
      try (TidegateProcess init =
          TidegateProcess.start(environment(node, "unnamed", null), "init")) {
        assertThat(init.exitCode()).as(init.output()).isEqualTo(78);
        assertThat(init.output()).contains("wsrep_on is ON", "galera-node");
      }
    }
    assertThat(tables(cluster.one(), "unnamed")).isEqualTo("0");
  }

  @Test
  void migrators_through_both_nodes_at_once_apply_each_changeset_once() throws Exception {
    cluster.one().createDatabase("named");
    awaitDatabase("named");
    List<TidegateProcess> through = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      MariaDbServer node = i % 2 == 0 ? cluster.one() : cluster.two();
      through.add(TidegateProcess.start(environment(node, "named", "one"), "init"));
    }
    for (int i = 0; i < through.size(); i++) {
      try (TidegateProcess init = through.get(i)) {
        assertThat(init.exitCode()).as(init.output()).isEqualTo(i % 2 == 0 ? 0 : 78);
        if (i % 2 == 1) {
          assertThat(init.output()).contains("galera-node is one, and this is the node two");
        }
      }
    }
    for (MariaDbServer node : List.of(cluster.one(), cluster.two())) {
      eventually()
          .ignoreExceptions()
          .until(() ->
              first(node, "named", "SELECT count(*) FROM DATABASECHANGELOG").equals("2")
                  && first(node, "named", "SELECT count(*) FROM notes").equals("1"));
    }
  }

  /** Two changesets, of which the second would be seen if it ran twice. */
  private Map<String, String> environment(
      MariaDbServer node, String database, @Nullable String named) throws Exception {
    Path changelog = Files.createTempDirectory(folder, "changelog");
    Files.writeString(
        changelog.resolve("001-notes.sql"),
        "CREATE TABLE notes (id int AUTO_INCREMENT PRIMARY KEY, t text);\n");
    Files.writeString(
        changelog.resolve("002-note.sql"), "INSERT INTO notes (t) SELECT sleep(1);\n");
    Map<String, String> environment = new HashMap<>();
    environment.put("DATABASE_URL", node.url(database));
    environment.put("TIDEGATE_CHANGELOG", changelog.toString());
    if (named != null) {
      environment.put("TIDEGATE_TARGETS_DATABASE_GALERA_NODE", named);
    }
    return environment;
  }

  /** What one node has made, the other one has a moment later. */
  private static void awaitDatabase(String name) {
    eventually()
        .ignoreExceptions()
        .until(() -> first(cluster.two(), name, "SELECT database()").equals(name));
  }

  private static String tables(MariaDbServer node, String database) throws SQLException {
    return first(
        node,
        database,
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = database()");
  }

  private static String first(MariaDbServer node, String database, String query)
      throws SQLException {
    try (Connection connection = node.connect(database)) {
      return first(connection, query);
    }
  }

  private static String first(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(Duration.ofMinutes(2));
  }
}
