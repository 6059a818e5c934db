package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.program.TidegateProcess;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Changelog.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * {@code init} is killed at a random moment and run again; then the database must be what an
 * undisturbed run makes of it. Half of the moments are drawn from the whole run, half from the time
 * after its first changeset began. Or it is stopped at such a moment, and goes on while another is at
 * work, to which the server gave its lock. {@code -Dtidegate.kills.postgresql}, {@code .mariadb},
 * {@code .sqlite}, {@code .tools} and {@code .tools-mariadb} (for each tool), {@code .postgresql-stopped}
 * and {@code .mariadb-stopped} say how often, {@code .seed} draws the same moments again; {@code mvn
 * -Pkills verify} runs it in full.
 */
class MigrationKillIT {
  private static final int DONE = 0;
  private static final int CHANGELOG_INVALID = 65;
  private static final int NOT_READY = 69;
  private static final int LOCKED = 75;
  private static final int REPORT_EVERY = 20;
  private static final long SEED =
      Long.getLong("tidegate.kills.seed", ThreadLocalRandom.current().nextInt(1 << 20));

  private final Random moments = new Random(SEED);

  @TempDir private Path changelogs;
  @TempDir private Path databases;

  /** A kind of server: how Tidegate and how the test reach a database of that name. */
  private interface Place {
    String url(String database);

    Connection connect(String database) throws SQLException;

    void create(String database);

    /** Ends the session that holds the migration lock, as an administrator would; none: nothing. */
    void endHolder(String database) throws SQLException;

    /** Settles a changeset that was interrupted, as a person would who looked into the database. */
    void resolve(String database, String file) throws Exception;
  }

  /** What is done to a run at a random moment. Tells how far it had come. */
  private interface Disturbance {
    String at(
        Place place, String database, KillChangelog changelog, Course course, boolean migrating)
        throws Exception;
  }

  /** How long an undisturbed run takes, and from when on it migrates. */
  private record Course(long firstChangesetMillis, long wholeMillis, List<String> contents) {}

  @Test
  void postgresql_applies_every_changeset_once() throws Exception {
    postgresql("postgresql", 10, Format.PLAIN, this::killed);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void postgresql_applies_every_migration_of_a_tool_once(Format format) throws Exception {
    postgresql("tools", 2, format, this::killed);
  }

  @Test
  void postgresql_applies_every_changeset_once_beside_a_holder_that_was_stopped() throws Exception {
    postgresql("postgresql-stopped", 1, Format.PLAIN, this::stopped);
  }

  private void postgresql(String kills, int few, Format format, Disturbance how) throws Exception {
    try (PostgresServer server = PostgresServer.started()) {
      Place place =
          new WithoutResolving() {
            @Override
            public String url(String database) {
              return server.url(database);
            }

            @Override
            public Connection connect(String database) throws SQLException {
              return server.connect(database);
            }

            @Override
            public void create(String database) {
              server.createDatabase(database);
            }

            @Override
            public void endHolder(String database) throws SQLException {
              execute(
                  connect(database),
                  "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d"
                      + " ON d.oid = l.database WHERE l.locktype = 'advisory' AND l.granted"
                      + " AND d.datname = current_database()");
            }
          };
      String slow = "INSERT INTO slow SELECT 1 FROM pg_sleep(0.2)";
      kill(kills, few, place, new KillChangelog(changelogs, slow, format), how);
    }
  }

  @Test
  void sqlite_applies_every_changeset_once() throws Exception {
    Place place =
        new WithoutResolving() {
          @Override
          public String url(String database) {
            return "sqlite:///" + databases.resolve(database);
          }

          @Override
          public Connection connect(String database) throws SQLException {
            return DriverManager.getConnection("jdbc:sqlite:" + databases.resolve(database));
          }

          @Override
          public void create(String database) {}

          @Override
          public void endHolder(String database) {
            throw new AssertionError("nobody but the process itself gives up the lock of a file");
          }
        };
    String slow =
        "INSERT INTO slow WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <"
            + " 400000) SELECT max(i) FROM n";
    kill("sqlite", 5, place, new KillChangelog(changelogs, slow), this::killed);
  }

  /** Nobody can take the lock of a file from a process that lives: others give up, and name it. */
  @Test
  void sqlite_is_left_alone_while_a_holder_is_stopped() throws Exception {
    Path file = databases.resolve("stopped");
    String url = "sqlite:///" + file;
    Changelogs.write(changelogs, "001.sql", "CREATE TABLE t (id int);");
    Changelogs.write(
        changelogs,
        "002.sql",
        "INSERT INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <"
            + " 6000000) SELECT max(i) FROM n;");
    Map<String, String> environment = new HashMap<>(Contender.environment(url, changelogs));
    environment.put("TIDEGATE_MIGRATION_LOCK_WAIT", "2s");
    environment.put("TIDEGATE_DEADLINE", "60s");
    try (TidegateProcess holder = TidegateProcess.start(environment, "init")) {
      // In the second changeset: within a commit, the file could not even be read.
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptions()
          .until(() -> applied(file) == 1);
      holder.pause();
      TidegateProcess other = TidegateProcess.start(environment, "init");
      assertThat(other.exitCode()).as(other.output()).isEqualTo(LOCKED);
      assertThat(other.output()).contains("held by tidegate", " " + holder.pid() + " since");
      holder.resume();
      assertThat(holder.exitCode()).as(holder.output()).isEqualTo(DONE);
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      assertThat(Contents.of(connection)).filteredOn(row -> row.startsWith("t |")).hasSize(1);
    }
  }

  private static int applied(Path file) throws SQLException {
    if (!Files.exists(file)) {
      return 0;
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      return Contents.applied(connection);
    }
  }

  @Test
  void mariadb_applies_every_changeset_once_or_names_the_one_to_look_at() throws Exception {
    mariadb("mariadb", 6, Format.PLAIN, this::killed);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void mariadb_applies_every_migration_of_a_tool_once_or_names_it(Format format) throws Exception {
    mariadb("tools-mariadb", 1, format, this::killed);
  }

  @Test
  void mariadb_applies_every_changeset_once_beside_a_holder_that_was_stopped() throws Exception {
    mariadb("mariadb-stopped", 1, Format.PLAIN, this::stopped);
  }

  private void mariadb(String kills, int few, Format format, Disturbance how) throws Exception {
    try (MariaDbServer server = MariaDbServer.started()) {
      KillChangelog changelog =
          new KillChangelog(changelogs, "INSERT INTO slow SELECT 1 + sleep(0.2)", format);
      Place place =
          new Place() {
            @Override
            public String url(String database) {
              return server.url(database);
            }

            @Override
            public Connection connect(String database) throws SQLException {
              return server.connect(database);
            }

            @Override
            public void create(String database) {
              server.createDatabase(database);
            }

            @Override
            public void endHolder(String database) throws SQLException {
              execute(
                  connect(database),
                  """
                  BEGIN NOT ATOMIC
                    SET @holder = is_used_lock('tidegate:%s');
                    IF @holder IS NOT NULL THEN KILL @holder; END IF;
                  END
                  """
                      .formatted(database));
            }

            @Override
            public void resolve(String database, String file) throws Exception {
              boolean made;
              try (Connection connection = connect(database)) {
                made = Contents.made(connection, file);
              }
              try (TidegateProcess resolve =
                  TidegateProcess.start(
                      changelog.environment(url(database)),
                      "resolve",
                      "db",
                      file,
                      made ? "--applied" : "--not-applied",
                      "--reason",
                      "a test looked")) {
                assertThat(resolve.exitCode()).as(resolve.output()).isZero();
              }
            }
          };
      kill(kills, few, place, changelog, how);
    }
  }

  private void kill(String engine, int few, Place place, KillChangelog changelog, Disturbance how)
      throws Exception {
    int kills = Integer.getInteger("tidegate.kills." + engine, few);
    Course course = undisturbed(place, changelog);
    Map<String, Integer> phases = new TreeMap<>();
    int resolved = 0;
    for (int i = 1; i <= kills; i++) {
      String database = "kill" + i;
      place.create(database);
      phases.merge(how.at(place, database, changelog, course, i % 2 == kills % 2), 1, Integer::sum);
      String output = rerun(place, database, changelog, DONE, CHANGELOG_INVALID);
      if (!output.contains("applied now")) {
        resolved++;
        place.resolve(database, named(output, changelog));
        rerun(place, database, changelog, 0);
      }
      try (Connection connection = place.connect(database)) {
        assertThat(Contents.of(connection)).isEqualTo(course.contents());
      }
      if (i % REPORT_EVERY == 0 || i == kills) {
        System.out.printf(
            "%s, %s: %d times over %d ms (migrating from %d ms on), seed %d: %s; %d resolved by hand,"
                + " none twice, none skipped%n",
            engine,
            changelog.format(),
            i,
            course.wholeMillis(),
            course.firstChangesetMillis(),
            SEED,
            phases,
            resolved);
      }
    }
  }

  /** The first run warms the machine up; the second is measured. */
  private static Course undisturbed(Place place, KillChangelog changelog) throws Exception {
    place.create("warm");
    rerun(place, "warm", changelog, 0);
    place.create("undisturbed");
    long start = System.nanoTime();
    CountDownLatch first = new CountDownLatch(1);
    try (TidegateProcess process = start(place, "undisturbed", changelog, first)) {
      assertThat(first.await(120, TimeUnit.SECONDS)).isTrue();
      long firstMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      assertThat(process.exitCode()).as(process.output()).isZero();
      long wholeMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      try (Connection connection = place.connect("undisturbed")) {
        assertThat(Contents.applied(connection)).isEqualTo(changelog.size());
        return new Course(firstMillis, wholeMillis, Contents.of(connection));
      }
    }
  }

  /** Starts a run, kills it and tells how far it had come. */
  private String killed(
      Place place, String database, KillChangelog changelog, Course course, boolean migrating)
      throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    try (TidegateProcess process = start(place, database, changelog, first)) {
      long range = course.wholeMillis();
      if (migrating) {
        assertThat(first.await(120, TimeUnit.SECONDS)).isTrue();
        range -= course.firstChangesetMillis();
      }
      // The moment is what is tested here: no condition could stand for it.
      Thread.sleep(moments.nextLong(range));
      if (!process.running()) {
        return "5 ended before";
      }
      process.kill();
      process.exitCode();
    }
    try (Connection connection = place.connect(database)) {
      int applied = Contents.applied(connection);
      if (applied == 0) {
        return first.getCount() > 0 ? "1 before migrating" : "2 before the first changeset's end";
      }
      return applied < changelog.size() ? "3 between changesets 1 and 26" : "4 after the last";
    }
  }

  /**
   * Stops a run for longer than its session lives, and lets it go on at a random moment of another run,
   * which has got the lock.
   */
  private String stopped(
      Place place, String database, KillChangelog changelog, Course course, boolean migrating)
      throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    try (TidegateProcess holder = start(place, database, changelog, first)) {
      assertThat(first.await(120, TimeUnit.SECONDS)).isTrue();
      long range = course.wholeMillis() - course.firstChangesetMillis();
      Thread.sleep(moments.nextLong(range));
      if (!holder.running()) {
        return "5 ended before";
      }
      holder.pause();
      CountDownLatch atWork = new CountDownLatch(1);
      try (TidegateProcess successor = start(place, database, changelog, atWork)) {
        Awaitility.await()
            .atMost(Duration.ofMinutes(2))
            .until(() ->
                successor.output().contains("waiting for the migration lock")
                    || !successor.running());
        place.endHolder(database);
        Thread.sleep(moments.nextLong(range));
        holder.resume();
        assertThat(successor.exitCode()).as(successor.output()).isIn(DONE, CHANGELOG_INVALID);
        // It may find all done, wait for the lock in its turn, or be told what it left half done.
        assertThat(holder.exitCode())
            .as(holder.output())
            .isIn(DONE, CHANGELOG_INVALID, NOT_READY, LOCKED);
        return "the successor ended with %d, the holder with %d"
            .formatted(successor.exitCode(), holder.exitCode());
      }
    }
  }

  private static String rerun(
      Place place, String database, KillChangelog changelog, Integer... exits) {
    try (TidegateProcess process = start(place, database, changelog, new CountDownLatch(1))) {
      assertThat(process.exitCode()).as(process.output()).isIn((Object[]) exits);
      return process.output();
    }
  }

  private static TidegateProcess start(
      Place place, String database, KillChangelog changelog, CountDownLatch first) {
    return TidegateProcess.start(
        changelog.folder(),
        changelog.environment(place.url(database)),
        line -> {
          if (line.contains(changelog.names().getFirst())) {
            first.countDown();
          }
        },
        "init");
  }

  /** The changeset that a refusal names. */
  private static String named(String output, KillChangelog changelog) {
    String last =
        output.lines().filter(line -> line.contains("interrupted")).findFirst().orElse(output);
    return changelog.names().stream().filter(last::contains).findFirst().orElseThrow();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (connection;
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Where everything is rolled back, nothing is ever left for a person. */
  private abstract static class WithoutResolving implements Place {
    @Override
    public void resolve(String database, String file) {
      throw new AssertionError("left to a person: " + file);
    }
  }
}
