package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.program.TidegateProcess;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Changelog.Format;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code init} is killed at a random moment and run again; then the database must be what an
 * undisturbed run makes of it. Half of the moments are drawn from the whole run, half from the time
 * after its first changeset began. {@code -Dtidegate.kills.postgresql}, {@code .mariadb} and {@code
 * .sqlite} say how often; {@code mvn -Pkills verify} runs it in full.
 */
class MigrationKillIT {
  private static final int CHANGELOG_INVALID = 65;
  private static final int REPORT_EVERY = 20;

  @TempDir private Path changelogs;
  @TempDir private Path databases;

  /** A kind of server: how Tidegate and how the test reach a database of that name. */
  private interface Place {
    String url(String database);

    Connection connect(String database) throws SQLException;

    void create(String database);

    /** Settles a changeset that was interrupted, as a person would who looked into the database. */
    void resolve(String database, String file) throws Exception;
  }

  /** How long an undisturbed run takes, and from when on it migrates. */
  private record Course(long firstChangesetMillis, long wholeMillis, List<String> contents) {}

  @Test
  void postgresql_applies_every_changeset_once() throws Exception {
    postgresql("postgresql", 10, Format.PLAIN);
  }

  @Test
  void postgresql_applies_every_migration_of_golang_migrate_once() throws Exception {
    postgresql("golang-migrate", 5, Format.GOLANG_MIGRATE);
  }

  @Test
  void postgresql_applies_every_migration_of_flyway_once() throws Exception {
    postgresql("flyway", 5, Format.FLYWAY);
  }

  private void postgresql(String kills, int few, Format format) throws Exception {
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
          };
      String slow = "INSERT INTO slow SELECT 1 FROM pg_sleep(0.2)";
      kill(kills, few, place, new KillChangelog(changelogs, slow, format));
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
        };
    String slow =
        "INSERT INTO slow WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <"
            + " 400000) SELECT max(i) FROM n";
    kill("sqlite", 5, place, new KillChangelog(changelogs, slow));
  }

  @Test
  void mariadb_applies_every_changeset_once_or_names_the_one_to_look_at() throws Exception {
    mariadb("mariadb", 6, Format.PLAIN);
  }

  @Test
  void mariadb_applies_every_migration_of_golang_migrate_once_or_names_it() throws Exception {
    mariadb("golang-migrate-mariadb", 4, Format.GOLANG_MIGRATE);
  }

  @Test
  void mariadb_applies_every_migration_of_flyway_once_or_names_it() throws Exception {
    mariadb("flyway-mariadb", 4, Format.FLYWAY);
  }

  private void mariadb(String kills, int few, Format format) throws Exception {
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
      kill(kills, few, place, changelog);
    }
  }

  private void kill(String engine, int few, Place place, KillChangelog changelog) throws Exception {
    int kills = Integer.getInteger("tidegate.kills." + engine, few);
    Course course = undisturbed(place, changelog);
    Map<String, Integer> phases = new TreeMap<>();
    int resolved = 0;
    for (int i = 1; i <= kills; i++) {
      String database = "kill" + i;
      place.create(database);
      phases.merge(killed(place, database, changelog, course, i % 2 == 0), 1, Integer::sum);
      String output = rerun(place, database, changelog, 0, CHANGELOG_INVALID);
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
            "%s: %d kills over %d ms (migrating from %d ms on): %s; %d resolved by hand, none twice,"
                + " none skipped%n",
            engine, i, course.wholeMillis(), course.firstChangesetMillis(), phases, resolved);
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
  private static String killed(
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
      Thread.sleep(ThreadLocalRandom.current().nextLong(range));
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

  /** Where everything is rolled back, nothing is ever left for a person. */
  private abstract static class WithoutResolving implements Place {
    @Override
    public void resolve(String database, String file) {
      throw new AssertionError("left to a person: " + file);
    }
  }
}
