package io.tidegate.engine.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.Target.Role;
import io.tidegate.target.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteEngineTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private final SqliteEngine engine = new SqliteEngine(new ConnectionHandoff());

  @TempDir Path folder;

  private Targets at(Path file) {
    return Targets.of(new ServiceUrl("sqlite", List.of(), file.toString(), Map.of()));
  }

  private ProbeResult probe(Targets targets) throws InterruptedException {
    try (Probe probe = engine.open(targets.target(), ProbeMode.WATCH)) {
      return probe.attempt(TIMEOUT);
    }
  }

  private static Connection open(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  private Path database() throws SQLException {
    Path file = folder.resolve("app.db");
    try (Connection connection = open(file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER)");
    }
    return file;
  }

  @Test
  void file_thatIsADatabase_isReady() throws Exception {
    Path file = database();
    assertThat(probe(at(file))).isInstanceOf(Ready.class);
    assertThat(probe(at(file).query("SELECT id FROM t"))).isInstanceOf(NotYet.class);
    assertThat(probe(at(file).query("SELECT count(*) FROM t"))).isInstanceOf(Ready.class);
  }

  @Test
  void file_thatIsNotThere_isReadyOnlyWhereItWillBeMade() throws Exception {
    Path file = folder.resolve("new.db");
    assertThat(probe(at(file))).isInstanceOf(Ready.class);
    assertThat(probe(at(file).role(Role.ANY))).isInstanceOf(NotYet.class);
    assertThat(probe(at(folder.resolve("not/there.db")))).isInstanceOf(NotYet.class);
    assertThat(Files.exists(file)).isFalse();
  }

  @Test
  void folder_thatIsThereFromTheRootOnly_isNamedWithFourSlashes() throws Exception {
    Path absolute = folder.resolve("new.db");
    Path relative = absolute.getRoot().relativize(absolute);
    assertThat(probe(at(relative)))
        .isInstanceOfSatisfying(
            NotYet.class,
            notYet ->
                assertThat(notYet.sentence())
                    .endsWith("sqlite:///%s, with four slashes".formatted(absolute)));
  }

  @Test
  void file_thatIsNoDatabase_isPermanent() throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("text"), "no database at all\n".repeat(100));
    assertThat(probe(at(file)))
        .isInstanceOfSatisfying(
            Wrong.class, wrong -> assertThat(wrong.reason()).isEqualTo(Reason.UNSUITABLE));
    assertThat(probe(at(folder))).isInstanceOf(Wrong.class);
  }

  @Test
  void file_thatIsLockedByAnother_isNotYetReadyAndEndsInTime() throws Exception {
    Path file = database();
    try (Connection connection = open(file);
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      long start = System.nanoTime();
      try (Probe probe = engine.open(at(file).target(), ProbeMode.AWAIT)) {
        assertThat(probe.attempt(Duration.ofSeconds(1))).isInstanceOf(NotYet.class);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT);
    }
    assertThat(probe(at(file))).isInstanceOf(Ready.class);
  }

  @Test
  void facts_areTold() throws Exception {
    var facts = engine.facts(at(database()).target(), TIMEOUT);
    assertThat(facts.get("journal_mode")).isEqualTo(new Fact.Known("delete"));
    assertThat(facts.get("version")).isInstanceOf(Fact.Known.class);
  }
}
