package io.tidegate.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * Two nodes of MariaDB 11.4 in one Galera cluster, {@code one} and {@code two}, on loopback ports, with
 * Galera's library as the operating system's package {@code galera-4} has it. The second begins with a
 * copy of the first one's data, so that no state has to be transferred but what came after.
 */
public final class GaleraCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Instead of copying data to the node that joins, tells it from which position it has to catch up. */
  private static final String HAND_OVER =
      """
      #!/bin/sh
      while [ $# -gt 0 ]; do
        case $1 in --role) role=$2 ;; --gtid) position=$2 ;; --bypass) only_position=1 ;; esac
        shift
      done
      if [ "$role" = joiner ]; then
        echo "ready 127.0.0.1:4444/same"
        until [ -s "$POSITION" ]; do sleep 0.1; done
        cat "$POSITION"
      else
        [ -n "$only_position" ] || exit 1
        echo "$position" >"$POSITION.new" && mv "$POSITION.new" "$POSITION"
        echo "done $position"
      fi
      """;

  private final MariaDbServer one = new MariaDbServer();
  private final MariaDbServer two = new MariaDbServer();

  /** Takes Galera's library, and starts both. */
  public GaleraCluster(Path library) {
    try {
      Path script =
          Files.createFile(
              one.folder().resolve("wsrep_sst_same"),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      Files.writeString(script, HAND_OVER);
      int port = Ports.free();
      node(one, "one", library, port, "gcomm://").with("--wsrep-new-cluster");
      node(two, "two", library, Ports.free(), "gcomm://127.0.0.1:" + port);
      one.start();
      one.stop();
      Program.run(
          Map.of(),
          null,
          "cp",
          "-r",
          one.folder().resolve("data").toString(),
          two.folder().resolve("data").toString());
      one.start();
      two.start();
      awaitBoth();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private MariaDbServer node(
      MariaDbServer server, String name, Path library, int port, String cluster) {
    return server
        .startedBy(
            "env",
            "PATH=%s:%s".formatted(one.folder(), System.getenv("PATH")),
            "POSITION=" + one.folder().resolve("position"))
        .with("--wsrep-on=ON")
        .with("--wsrep-provider=" + library)
        .with("--wsrep-cluster-name=tidegate-" + one.port())
        .with("--wsrep-cluster-address=" + cluster)
        .with("--wsrep-node-name=" + name)
        .with("--wsrep-node-address=127.0.0.1:" + port)
        .with("--wsrep-sst-method=same")
        .with(
            "--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:%d;ist.recv_addr=127.0.0.1:%d"
                    .formatted(port, Ports.free())
                + ";gcache.size=4M")
        .with("--binlog-format=ROW")
        .with("--innodb-autoinc-lock-mode=2");
  }

  /** The node {@code one}. */
  public MariaDbServer one() {
    return one;
  }

  /** The node {@code two}. */
  public MariaDbServer two() {
    return two;
  }

  /** Waits until both are in sync. */
  public void awaitBoth() {
    Awaitility.await().atMost(PATIENCE).until(() -> isComplete(one) && isComplete(two));
  }

  private static boolean isComplete(MariaDbServer node) {
    return status(node, "wsrep_ready").equals("ON")
        && status(node, "wsrep_cluster_size").equals("2")
        && status(node, "wsrep_local_state_comment").equals("Synced");
  }

  /** What a node tells of itself; empty: nothing. */
  public static String status(MariaDbServer node, String name) {
    try (Connection connection = node.connect("");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW GLOBAL STATUS LIKE '%s'".formatted(name))) {
      return row.next() ? row.getString(2) : "";
    } catch (SQLException e) {
      return "";
    }
  }

  @Override
  public void close() {
    two.close();
    one.close();
  }
}
