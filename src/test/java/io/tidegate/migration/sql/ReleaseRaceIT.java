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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes of two releases migrate one database at once, as in a rolling deployment, and the older
 * release starts once more afterwards, as in a rollback. Repeated as often as {@code
 * -Dtidegate.releases.rounds} says.
 */
class ReleaseRaceIT {
  private static final int EACH = 2;
  private static final int ROUNDS = Integer.getInteger("tidegate.releases.rounds", 1);
  private static final int DONE = 0;
  private static final int CHANGELOG = 65;
  private static final Pattern APPLIED = Pattern.compile("(\\d+) applied now");
  private static final Pattern EACH_APPLIED = Pattern.compile("db: applied ([^ :]+)\\S* in ");
  private static final PostgresServer POSTGRES = new PostgresServer();
  private static final MariaDbServer MARIADB = new MariaDbServer();

  @TempDir private Path older;
  @TempDir private Path newer;
  @TempDir private Path files;

  /** How a database of that name is made, reached by Tidegate and reached by the test. */
  private record Place(Opener made, Function<String, String> url, Opener opener) {}

  private interface Opener {
    Connection open(String database) throws SQLException;
  }

  @BeforeAll
  static void start() {
    POSTGRES.start();
    MARIADB.start();
  }

  @AfterAll
  static void stop() {
    POSTGRES.close();
    MARIADB.close();
  }

  @Test
  void postgresql_becomes_the_newer_release_s_and_the_older_one_still_starts() throws Exception {
    rolling(postgresql(), Format.PLAIN, "00%d.sql");
  }

  @Test
  void mariadb_becomes_the_newer_release_s_and_the_older_one_still_starts() throws Exception {
    rolling(mariadb(), Format.PLAIN, "00%d.sql");
  }

  @Test
  void sqlite_becomes_the_newer_release_s_and_the_older_one_still_starts() throws Exception {
    rolling(sqlite(), Format.PLAIN, "00%d.sql");
  }

  @Test
  void a_folder_of_flyway_becomes_the_newer_release_s_and_the_older_one_still_starts()
      throws Exception {
    rolling(postgresql(), Format.FLYWAY, "V%d__step.sql");
  }

  @Test
  void postgresql_gets_both_new_changesets_of_two_branches() throws Exception {
    branches();
  }

  @Test
  void postgresql_keeps_the_first_of_two_changesets_of_one_name() throws Exception {
    ofOneName(postgresql(), Format.PLAIN, "00%d.sql");
  }

  @Test
  void mariadb_keeps_the_first_of_two_changesets_of_one_name() throws Exception {
    ofOneName(mariadb(), Format.PLAIN, "00%d.sql");
  }

  @Test
  void a_folder_of_flyway_keeps_the_first_of_two_migrations_of_one_version() throws Exception {
    ofOneName(postgresql(), Format.FLYWAY, "V%d__step.sql");
  }

  private void rolling(Place place, Format format, String name) throws Exception {
    IntStream.rangeClosed(1, 3).forEach(i -> step(older, name.formatted(i), i));
    IntStream.rangeClosed(1, 5).forEach(i -> step(newer, name.formatted(i), i));
    List<String> undisturbed = undisturbed(place, format, newer);
    for (int round = 1; round <= ROUNDS; round++) {
      String database = "rolling_" + format + round;
      place.made().open(database).close();
      int applied = 0;
      for (TidegateProcess process : race(place.url().apply(database), format)) {
        assertThat(process.exitCode()).as(process.output()).isEqualTo(DONE);
        applied += appliedBy(process);
      }
      assertThat(applied).isEqualTo(5);
      assertThat(contents(place, database)).isEqualTo(undisturbed);

      TidegateProcess back = start(place.url().apply(database), older, format);
      assertThat(back.exitCode()).as(back.output()).isEqualTo(DONE);
      assertThat(back.output())
          .contains("0 applied now, 3 before (and 2 unknown to this changelog)");
      assertThat(contents(place, database)).isEqualTo(undisturbed);
    }
  }

  /** Each branch's new file has a name of its own: whichever comes first, both are applied. */
  private void branches() throws Exception {
    Place place = postgresql();
    for (Path release : List.of(older, newer)) {
      IntStream.rangeClosed(1, 3).forEach(i -> step(release, "00%d.sql".formatted(i), i));
    }
    step(older, "004-invoices.sql", 4);
    step(newer, "004-orders.sql", 5);
    for (int round = 1; round <= ROUNDS; round++) {
      String database = "branches" + round;
      place.made().open(database).close();
      int applied = 0;
      for (TidegateProcess process : race(place.url().apply(database), Format.PLAIN)) {
        assertThat(process.exitCode()).as(process.output()).isEqualTo(DONE);
        applied += appliedBy(process);
      }
      assertThat(applied).isEqualTo(5);
      assertThat(contents(place, database))
          .filteredOn(row -> row.startsWith("t"))
          .containsExactly("t1 | 1", "t2 | 2", "t3 | 3", "t4 | 4", "t5 | 5");
    }
  }

  /** One name and two contents: the release that comes second is refused, and applies nothing of its own. */
  private void ofOneName(Place place, Format format, String name) throws Exception {
    for (Path release : List.of(older, newer)) {
      IntStream.rangeClosed(1, 3).forEach(i -> step(release, name.formatted(i), i));
    }
    step(older, name.formatted(4), 4);
    step(newer, name.formatted(4), 5);
    for (int round = 1; round <= ROUNDS; round++) {
      String database = "name_" + format + round;
      place.made().open(database).close();
      List<TidegateProcess> processes = race(place.url().apply(database), format);
      List<TidegateProcess> done =
          processes.stream().filter(process -> process.exitCode() == DONE).toList();
      String said =
          processes.stream().map(TidegateProcess::output).collect(Collectors.joining("\n\n"));
      // Not by the sums: MariaDB's lock passes from session to session between two files, so that
      // the
      // release that is refused may have applied one that both have, and then sums nothing up.
      assertThat(EACH_APPLIED.matcher(said).results().map(file -> file.group(1)))
          .as(said)
          .containsExactlyInAnyOrder(
              IntStream.rangeClosed(1, 4).mapToObj(name::formatted).toArray(String[]::new));
      assertThat(done).as(said).hasSize(EACH);
      Path winner = processes.indexOf(done.getFirst()) % 2 == 0 ? older : newer;
      for (TidegateProcess process : processes) {
        if (!done.contains(process)) {
          assertThat(process.exitCode()).as(process.output()).isEqualTo(CHANGELOG);
          assertThat(process.output()).contains(name.formatted(4), "was changed");
        }
      }
      assertThat(contents(place, database)).isEqualTo(undisturbed(place, format, winner));
    }
  }

  private static void step(Path folder, String name, int number) {
    Changelogs.write(
        folder,
        name,
        "CREATE TABLE t%d (id int); INSERT INTO t%d VALUES (%d);"
            .formatted(number, number, number));
  }

  private List<String> undisturbed(Place place, Format format, Path release) throws Exception {
    String database = "undisturbed_" + format + "_" + (release.equals(older) ? "older" : "newer");
    place.made().open(database).close();
    TidegateProcess process = start(place.url().apply(database), release, format);
    assertThat(process.exitCode()).as(process.output()).isEqualTo(DONE);
    return contents(place, database);
  }

  private static List<String> contents(Place place, String database) throws SQLException {
    try (Connection connection = place.opener().open(database)) {
      return Contents.of(connection);
    }
  }

  /** The older release's processes are the first, third and so on. They are all started at once. */
  private List<TidegateProcess> race(String url, Format format) {
    List<TidegateProcess> processes = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      processes.add(start(url, older, format));
      processes.add(start(url, newer, format));
    }
    return processes;
  }

  private static TidegateProcess start(String url, Path changelog, Format format) {
    Map<String, String> environment = new HashMap<>(Contender.environment(url, changelog));
    environment.put("TIDEGATE_TARGETS_DB_FORMAT", format.name());
    return TidegateProcess.start(environment, "init");
  }

  private static int appliedBy(TidegateProcess process) {
    Matcher line = APPLIED.matcher(process.output());
    return line.find() ? Integer.parseInt(line.group(1)) : 0;
  }

  private static Place postgresql() {
    return new Place(
        database -> {
          POSTGRES.execute("postgres", "DROP DATABASE IF EXISTS \"" + database + "\"");
          POSTGRES.createDatabase(database);
          return POSTGRES.connect(database);
        },
        POSTGRES::url,
        POSTGRES::connect);
  }

  private static Place mariadb() {
    return new Place(
        database -> {
          MARIADB.execute("", "CREATE OR REPLACE DATABASE `" + database + "`");
          return MARIADB.connect(database);
        },
        MARIADB::url,
        MARIADB::connect);
  }

  private Place sqlite() {
    Opener opener =
        database -> DriverManager.getConnection("jdbc:sqlite:" + files.resolve(database + ".db"));
    return new Place(opener, database -> "sqlite:///" + files.resolve(database + ".db"), opener);
  }
}
